#!/usr/bin/python3
"""conan_recipe.py CHECKOUT SCRATCH GENERATOR COMPILER [OPTION=VALUE...]

Does with the checkout's conanfile.py what `conan create` does, and then with its test_package. Debian 12 has no Conan: what
the recipes import is a stand-in, defined here, with as much of Conan 2 as they use. It is strict where
mistakes would be made: the source is a copy of what exports_sources names and nothing else, what package_info() claims
must be in the package, and the test package is told of no folder but those.

Not found in this way: names that the stand-in has and Conan has not, and what Conan makes of several configurations.
"""
import fnmatch
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import types


class Anything:
    """Settings, options, folders: whatever is set."""

    def __init__(self, **members):
        self.__dict__.update(members)


class CppInfo(Anything):
    """What a package offers. The defaults are Conan's."""

    def __init__(self):
        super().__init__(includedirs=["include"], libdirs=["lib"], bindirs=["bin"], builddirs=[], libs=[], properties={})

    def set_property(self, name, value):
        self.properties[name] = value


class ConanFile:
    def __init__(self):
        self.cpp_info = CppInfo()
        self.required = []

    def requires(self, reference):
        self.required.append(reference)

    def run(self, command, env=None):
        subprocess.run(command, shell=True, check=True, cwd=self.build_folder)


class CMakeToolchain:
    def __init__(self, recipe):
        self.recipe = recipe
        self.cache_variables = {}

    def generate(self):
        self.recipe.cache_variables = self.cache_variables


class CMakeDeps(CMakeToolchain):
    def generate(self):
        pass


class CMake:
    def __init__(self, recipe):
        self.recipe = recipe

    def configure(self):
        recipe = self.recipe
        variables = {**recipe.cache_variables, "CMAKE_BUILD_TYPE": recipe.settings.build_type,
                     "CMAKE_PREFIX_PATH": ";".join(recipe.found_in)}
        words = [f"-D{name}={'ON' if value is True else 'OFF' if value is False else value}"
                 for name, value in variables.items()]
        self.cmake("-S", recipe.source_folder, "-B", recipe.build_folder, "-G", recipe.generator,
                   f"-DCMAKE_CXX_COMPILER={recipe.compiler}", *words)

    def build(self):
        self.cmake("--build", self.recipe.build_folder)

    def install(self):
        self.cmake("--install", self.recipe.build_folder, "--prefix", self.recipe.package_folder)

    def cmake(self, *words):
        subprocess.run(["cmake", *map(str, words)], check=True, stdout=subprocess.DEVNULL)


def cmake_layout(recipe):
    recipe.cpp = Anything(build=Anything(bindir="."))
    recipe.has_layout = True


def copy(recipe, pattern, source, destination):
    """Files below `source` whose path from there matches. Looks only where they can be: elsewhere other tests build."""
    source = pathlib.Path(source)
    folder, _, rest = pattern.partition("/")
    copied = []
    for path in sorted((source / folder).rglob("*") if rest else source.glob(pattern)):
        name = path.relative_to(source)
        if path.is_file() and fnmatch.fnmatch(str(name), pattern):
            target = pathlib.Path(destination) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
            copied.append(target)
    assert copied, f"nothing in {source} matches {pattern}"
    return copied


def stand_in_for_conan():
    class InvalidConfiguration(Exception):
        pass

    members = {
        "conan": {"ConanFile": ConanFile},
        "conan.errors": {"ConanInvalidConfiguration": InvalidConfiguration},
        "conan.tools": {},
        "conan.tools.build": {"check_min_cppstd": lambda recipe, standard: None, "can_run": lambda recipe: True},
        "conan.tools.cmake": {"CMake": CMake, "CMakeDeps": CMakeDeps, "CMakeToolchain": CMakeToolchain,
                              "cmake_layout": cmake_layout},
        "conan.tools.files": {"copy": copy},
    }
    for name, contents in members.items():
        module = types.ModuleType(name)
        module.__dict__.update(contents)
        sys.modules[name] = module


def recipe_in(folder, generator, compiler, **members):
    spec = importlib.util.spec_from_file_location("recipe_" + folder.name, folder / "conanfile.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    recipe, = (kind() for kind in vars(module).values()
               if isinstance(kind, type) and issubclass(kind, ConanFile) and kind is not ConanFile)
    recipe.settings = Anything(os="Linux", arch="x86_64", build_type="Release")
    recipe.generator, recipe.compiler = generator, compiler
    recipe.cache_variables, recipe.found_in, recipe.has_layout = {}, [], False
    recipe.__dict__.update(members)
    return recipe


def make(recipe):
    """What Conan calls, in its order, as far as there is such a method."""
    for step in ("layout", "requirements", "validate", "generate", "build", "package", "package_info", "test"):
        getattr(recipe, step, lambda: None)()
        if step == "layout":
            assert recipe.has_layout
            pathlib.Path(recipe.build_folder).mkdir(parents=True)


def check_claims(recipe):
    package = pathlib.Path(recipe.package_folder)
    claims = recipe.cpp_info
    for folder in claims.includedirs + claims.libdirs + claims.bindirs + claims.builddirs:
        assert (package / folder).is_dir(), f"package_info() names {folder}, which is not in the package"
    for library in claims.libs:
        assert any((package / folder / f"lib{library}.a").is_file() for folder in claims.libdirs), library
    assert (package / "licenses" / "LICENSE").is_file()
    assert claims.properties["cmake_find_mode"] == "none"  # else Conan writes targets of its own


def main(checkout, scratch, generator, compiler, *options):
    checkout, scratch = pathlib.Path(checkout), pathlib.Path(scratch)
    shutil.rmtree(scratch, ignore_errors=True)
    stand_in_for_conan()
    recipe = recipe_in(checkout, generator, compiler, source_folder=scratch / "source",
                       build_folder=scratch / "build", package_folder=scratch / "package")
    asked = dict(option.split("=") for option in options)
    assert asked.keys() <= recipe.options.keys()
    recipe.options = Anything(**{**recipe.default_options, **{name: value == "True" for name, value in asked.items()}})
    for pattern in recipe.exports_sources:
        copy(recipe, pattern, checkout, recipe.source_folder)
    make(recipe)
    check_claims(recipe)

    test_folder = checkout / recipe.test_package_folder
    test = recipe_in(test_folder, generator, compiler, source_folder=test_folder, build_folder=scratch / "test",
                     tested_reference_str=f"{recipe.name}/{recipe.version}",
                     found_in=[str(recipe.package_folder / folder) for folder in recipe.cpp_info.builddirs])
    make(test)
    assert test.required == [f"{recipe.name}/{recipe.version}"]
    print(f"{recipe.name}/{recipe.version}: made, and used by its test package")


if __name__ == "__main__":
    main(*sys.argv[1:])
