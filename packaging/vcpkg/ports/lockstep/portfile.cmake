# Lockstep for vcpkg, from the checkout that this port stands in: vcpkg install lockstep --overlay-ports=packaging/vcpkg/ports
# Checked by: tests/install/vcpkg.cmake, with a stand-in for vcpkg's functions
cmake_path(SET SOURCE_PATH NORMALIZE "${CMAKE_CURRENT_LIST_DIR}/../../../..")

set(VCPKG_BUILD_TYPE release)  # headers, and a checker that is optimized in any case
vcpkg_check_features(OUT_FEATURE_OPTIONS FEATURE_OPTIONS
  FEATURES checker LOCKSTEP_CHECKER)
vcpkg_cmake_configure(SOURCE_PATH "${SOURCE_PATH}"
  OPTIONS ${FEATURE_OPTIONS} -DLOCKSTEP_TESTS=OFF -DLOCKSTEP_EXAMPLES=OFF -DLOCKSTEP_BENCHMARKS=OFF)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(CONFIG_PATH share/cmake/lockstep)
vcpkg_fixup_pkgconfig()
if("checker" IN_LIST FEATURES)
  vcpkg_copy_tools(TOOL_NAMES lockstep AUTO_CLEAN)
endif()

file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
