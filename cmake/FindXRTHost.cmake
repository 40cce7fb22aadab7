# SPDX-License-Identifier: BSD-2-Clause
# XRT's host library: the vendor's tree first ($XILINX_XRT, /opt/xilinx/xrt), then the distribution's packages. Only
# xrt_coreutil is linked: XRT loads the one shim that it needs (card, emulation) by itself.
#   XRTHost_FOUND, XRTHost::XRTHost
#   XRTHost_LIBRARY_DIR  where the shims lie
find_package(XRT CONFIG QUIET PATHS $ENV{XILINX_XRT} /opt/xilinx/xrt PATH_SUFFIXES share/cmake/XRT NO_DEFAULT_PATH)
if(TARGET XRT::xrt_coreutil)
  get_target_property(XRTHost_LIBRARY XRT::xrt_coreutil LOCATION)
  set(XRTHost_INCLUDE_DIR ${XRT_INCLUDE_DIRS})
else()
  find_path(XRTHost_INCLUDE_DIR experimental/xrt_ip.h
    HINTS $ENV{XILINX_XRT}/include /opt/xilinx/xrt/include PATH_SUFFIXES xrt)
  find_library(XRTHost_LIBRARY xrt_coreutil HINTS $ENV{XILINX_XRT}/lib /opt/xilinx/xrt/lib)
endif()
find_path(XRTHost_UUID_INCLUDE_DIR uuid/uuid.h)
find_library(XRTHost_UUID_LIBRARY uuid)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(XRTHost
  REQUIRED_VARS XRTHost_LIBRARY XRTHost_INCLUDE_DIR XRTHost_UUID_LIBRARY XRTHost_UUID_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install libxrt-dev and uuid-dev (Debian) or XRT, or configure with -DSYNWARD_XRT=OFF")

if(XRTHost_FOUND AND NOT TARGET XRTHost::XRTHost)
  add_library(XRTHost::XRTHost INTERFACE IMPORTED)
  # System headers: warnings in them are not ours.
  set_target_properties(XRTHost::XRTHost PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${XRTHost_INCLUDE_DIR};${XRTHost_UUID_INCLUDE_DIR}"
    INTERFACE_LINK_LIBRARIES "${XRTHost_LIBRARY};${XRTHost_UUID_LIBRARY}")
  get_filename_component(XRTHost_LIBRARY_DIR ${XRTHost_LIBRARY} DIRECTORY)
endif()
mark_as_advanced(XRTHost_LIBRARY XRTHost_INCLUDE_DIR XRTHost_UUID_LIBRARY XRTHost_UUID_INCLUDE_DIR)
