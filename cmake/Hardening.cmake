# SPDX-License-Identifier: BSD-2-Clause
# Debian's hardening (dpkg-buildflags): what others send to the daemon must find no easy prey. Sanitizers have their own
# ways.
if(NOT SYNWARD_SANITIZE)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    add_compile_options(-fcf-protection)
  endif()
  add_link_options(-Wl,-z,relro -Wl,-z,now)
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES CXX)
endif()
