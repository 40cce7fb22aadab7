# SPDX-License-Identifier: BSD-2-Clause
# cmake --install build: what an operator needs, and whoever writes programs of his own. Its undoing: --target
# uninstall.
include(GNUInstallDirs)
install(TARGETS synward RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS synwardd RUNTIME DESTINATION ${CMAKE_INSTALL_SBINDIR})
install(FILES man/synward.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES man/synwardd.toml.5 DESTINATION ${CMAKE_INSTALL_MANDIR}/man5)
install(FILES man/synward-api.7 DESTINATION ${CMAKE_INSTALL_MANDIR}/man7)
install(FILES man/synwardd.8 DESTINATION ${CMAKE_INSTALL_MANDIR}/man8)
install(FILES ${SYNWARD_COMPLETION}/synward DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${SYNWARD_COMPLETION}/_synward DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
install(FILES ${SYNWARD_COMPLETION}/synward.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES monitoring/synward.rules.yml monitoring/synward.json DESTINATION
  ${CMAKE_INSTALL_DATADIR}/synward/monitoring)
install(FILES systemd/synward.conf DESTINATION lib/sysusers.d)

set(documents attacks cards formal handoff hls host log-lines metrics performance registers statistics sysctl
  synthesis theory-of-operation)
list(TRANSFORM documents PREPEND ${PROJECT_SOURCE_DIR}/docs/)
list(TRANSFORM documents APPEND .md)
install(FILES ${documents} ${PROJECT_SOURCE_DIR}/README.md ${PROJECT_SOURCE_DIR}/LICENSE api/openapi.json DESTINATION
  ${CMAKE_INSTALL_DOCDIR})
install(FILES etc/synwardd.toml DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# The unit and /etc, whose places depend on the prefix, which cmake --install may say anew.
configure_file(install_system.cmake.in ${CMAKE_CURRENT_BINARY_DIR}/install_system.cmake @ONLY)
install(SCRIPT ${CMAKE_CURRENT_BINARY_DIR}/install_system.cmake)

# libsynward: all of the host's libraries in one, with what reaches a card.
add_library(synward_library STATIC
  $<TARGET_OBJECTS:synward_host> $<TARGET_OBJECTS:synward_device> $<TARGET_OBJECTS:synward_plain_device>
    $<TARGET_OBJECTS:synward_unix_socket>)
set_target_properties(synward_library PROPERTIES OUTPUT_NAME synward LINKER_LANGUAGE CXX)
install(TARGETS synward_library ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/synward DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)
set(SYNWARD_XRT_LIBS "")
if(SYNWARD_XRT)
  set(SYNWARD_XRT_LIBS " -L${XRTHost_LIBRARY_DIR} -lxrt_coreutil -luuid")
endif()
file(RELATIVE_PATH SYNWARD_PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(synward.pc.in ${CMAKE_CURRENT_BINARY_DIR}/synward.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/synward.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
include(CMakePackageConfigHelpers)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/synward-config-version.cmake COMPATIBILITY
  SameMinorVersion)
install(FILES synward-config.cmake ${CMAKE_CURRENT_BINARY_DIR}/synward-config-version.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/synward)

add_custom_target(uninstall
  COMMAND ${CMAKE_COMMAND} -DBUILD=${CMAKE_BINARY_DIR} -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake VERBATIM)
