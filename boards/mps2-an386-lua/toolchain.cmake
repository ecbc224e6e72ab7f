include("${CMAKE_CURRENT_LIST_DIR}/../mps2-an386/toolchain.cmake")
