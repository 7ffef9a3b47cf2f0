# Lockstep for Conan 2, from a checkout: conan create . [-o lockstep/*:checker=True]
# Checked by: tests/install/conan_recipe.py, with a stand-in for Conan
from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy


class LockstepRecipe(ConanFile):
    name = "lockstep"
    version = "0.1.0"
    description = ("Synchronization primitives for threads and coroutines on Linux futexes, "
                   "and a model checker for C++20")
    license = "Apache-2.0"
    topics = ("threads", "coroutines", "synchronization", "model-checking")
    package_type = "static-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"checker": [True, False]}
    default_options = {"checker": False}
    test_package_folder = "packaging/conan/test_package"
    exports_sources = "CMakeLists.txt", "LICENSE", "primitives/*", "checker/*", "packaging/*"

    def layout(self):
        cmake_layout(self)

    def requirements(self):
        if self.options.checker:
            self.requires("capstone/[>=4 <6]")

    def validate(self):
        check_min_cppstd(self, 20)
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("Lockstep runs on Linux only: its threads sleep on futexes")
        if self.settings.arch not in ("x86_64", "armv8"):
            raise ConanInvalidConfiguration("Lockstep runs on x86_64 and armv8 only")

    def package_id(self):
        if not self.options.checker:
            self.info.clear()  # headers: the same for all

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables.update({
            "LOCKSTEP_CHECKER": bool(self.options.checker),
            "LOCKSTEP_TESTS": False,
            "LOCKSTEP_EXAMPLES": False,
            "LOCKSTEP_BENCHMARKS": False,
        })
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        copy(self, "LICENSE", self.source_folder, f"{self.package_folder}/licenses")
        CMake(self).install()

    def package_info(self):
        # Lockstep's own configuration is found, because the checker is more than a library: what has to be compiled
        # with it, and how, depends on the compiler.
        self.cpp_info.set_property("cmake_find_mode", "none")
        self.cpp_info.builddirs = ["share/cmake/lockstep"]
        self.cpp_info.bindirs = ["bin"] if self.options.checker else []
        self.cpp_info.libs = ["lockstep_checker"] if self.options.checker else []
        if not self.options.checker:
            self.cpp_info.libdirs = []
