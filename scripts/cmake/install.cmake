# What `cmake --install` puts where, and how others find it: CMake package ivs, pkg-config ivs.

include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ivs")
set(libraries ivs_core)
set(header_dirs core/include/ivs)
if(ivs_hosted)
  list(APPEND libraries ivs_platform)
  list(APPEND header_dirs platform/include/ivs)
endif()

# The pinned mbedTLS goes along under a name of its own, its headers with our configuration
# written into theirs, so that a user of <ivs/tls.h> needs to define nothing.
set_target_properties(ivs_mbedtls PROPERTIES EXPORT_NAME mbedtls)
install(TARGETS ${libraries} ivs_mbedtls EXPORT ivs ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY ${header_dirs} DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING PATTERN "*.h" PATTERN "lwip.h" EXCLUDE PATTERN "zephyr.h" EXCLUDE) # of firmware only
if(ivs_hosted AND NOT IVS_SYSTEM_DEPS)
  set(config_dir "${PROJECT_BINARY_DIR}/mbedtls-config")
  file(READ "${ivs_mbedtls_dir}/include/mbedtls/mbedtls_config.h" theirs)
  file(READ "${PROJECT_SOURCE_DIR}/platform/mbedtls/user_config.h" ours)
  file(WRITE "${config_dir}/mbedtls/mbedtls_config.h" "${theirs}\n${ours}")
  install(DIRECTORY "${ivs_mbedtls_dir}/include/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/ivs-mbedtls"
    FILES_MATCHING PATTERN "*.h" PATTERN "mbedtls_config.h" EXCLUDE)
  install(DIRECTORY "${config_dir}/" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/ivs-mbedtls")
endif()
install(EXPORT ivs NAMESPACE ivs:: FILE ivsTargets.cmake DESTINATION "${package_dir}")

configure_package_config_file(scripts/cmake/ivsConfig.cmake.in "${PROJECT_BINARY_DIR}/ivsConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
# Before 1.0 a minor version may change what is public.
write_basic_package_version_file("${PROJECT_BINARY_DIR}/ivsConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/ivsConfig.cmake" "${PROJECT_BINARY_DIR}/ivsConfigVersion.cmake"
  DESTINATION "${package_dir}")

include(scripts/cmake/licences.cmake)

# ivs.pc finds its prefix from where it lies.
file(RELATIVE_PATH pc_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
set(pc_cflags "")
if(IVS_CRYPTO STREQUAL "psa")
  set(pc_cflags " -DIVS_CRYPTO_PSA")
endif()
foreach(limit ${IVS_LIMITS})
  string(APPEND pc_cflags " -D${limit}")
endforeach()
# The libraries are static only, so what they need in turn is always named.
set(pc_libs "-livs_core")
if(ivs_hosted AND IVS_SYSTEM_DEPS)
  set(pc_libs "-livs_platform -livs_core -lmbedtls -lmbedx509 -lmbedcrypto -pthread")
  if(ivs_own_lib)
    string(REPLACE " " "\\ " folder "${ivs_own_lib}")
    string(PREPEND pc_libs "-L${folder} ")
  endif()
  if(ivs_own_include)
    string(REPLACE " " "\\ " folder "${ivs_own_include}")
    string(APPEND pc_cflags " -I${folder}")
  endif()
elseif(ivs_hosted)
  set(pc_libs "-livs_platform -livs_core -livs_mbedtls -pthread")
  string(APPEND pc_cflags " -I\${includedir}/ivs-mbedtls")
endif()
configure_file(scripts/cmake/ivs.pc.in "${PROJECT_BINARY_DIR}/ivs.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/ivs.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

if(IVS_BUILD_LUA)
  if(TARGET ivs_module)
    install(TARGETS ivs_module LIBRARY DESTINATION "${IVS_LUA_MODULE_DIR}")
    # Those for older Lua lie beside it. Lua 5.1 and LuaJIT look in one folder, where either's module serves both.
    get_filename_component(module_parent "${IVS_LUA_MODULE_DIR}" DIRECTORY)
    set(versions "")
    foreach(headers ${IVS_OLDER_LUA})
      get_filename_component(name "${headers}" NAME)
      file(STRINGS "${headers}/lua.h" version REGEX "define[ \t]+LUA_VERSION_NUM[ \t]+50[0-9]")
      string(REGEX REPLACE ".*50([0-9]).*" "5.\\1" version "${version}")
      if(NOT version IN_LIST versions)
        install(TARGETS ivs_module_${name} LIBRARY DESTINATION "${module_parent}/${version}")
        list(APPEND versions ${version})
      endif()
    endforeach()
  endif()
  install(DIRECTORY lua/meta DESTINATION "${CMAKE_INSTALL_DATADIR}/ivs")
endif()
if(TARGET ivs_program)
  install(TARGETS ivs_program RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  install(FILES lua/man/ivs.1 DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
  install(FILES lua/completion/ivs.bash RENAME ivs DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
  install(FILES lua/completion/_ivs DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
endif()
