# What find_package(lockstep) reads once Lockstep is installed: the one dependency, then the target.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include(${CMAKE_CURRENT_LIST_DIR}/lockstepTargets.cmake)
