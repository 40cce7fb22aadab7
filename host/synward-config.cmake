# SPDX-License-Identifier: BSD-2-Clause
# find_package(synward): the target synward::synward, by what pkg-config knows.
include(CMakeFindDependencyMacro)
find_dependency(PkgConfig)
pkg_check_modules(SYNWARD REQUIRED QUIET IMPORTED_TARGET synward)
if(NOT TARGET synward::synward)
  add_library(synward::synward INTERFACE IMPORTED)
  target_link_libraries(synward::synward INTERFACE PkgConfig::SYNWARD)
  target_compile_features(synward::synward INTERFACE cxx_std_20)
endif()
