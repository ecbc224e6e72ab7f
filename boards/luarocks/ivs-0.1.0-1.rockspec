rockspec_format = "3.0"
package = "ivs"
version = "0.1.0-1"

-- The archive of `make dist`, from the folder where that was run.
source = { url = "file://build/dist/ivs-0.1.0.tar.gz" }

description = {
  summary = "Amazon Interactive Video Service from small machines",
  detailed = "Every operation of Amazon IVS low-latency streaming, signed and over verified TLS, with retries and a " ..
    "queue for timed metadata. The C library underneath takes no memory of its own.",
  homepage = "https://docs.aws.amazon.com/ivs/",
  license = "MIT",
  labels = { "aws", "video" },
}

supported_platforms = { "unix" }
dependencies = { "lua >= 5.4, < 5.5" }

external_dependencies = {
  JSMN = { header = "jsmn.h" },
  MBEDTLS = { header = "mbedtls/ssl.h", library = "mbedtls" },
}

-- The module alone: the program is not for LuaRocks to install.
build = {
  type = "command",
  build_command = "cmake -S . -B build/luarocks -DIVS_SYSTEM_DEPS=ON -DIVS_BUILD_TESTS=OFF -DIVS_BUILD_PROGRAM=OFF " ..
    "-DCMAKE_C_COMPILER=$(CC) " ..
    "-DIVS_LUA_INCLUDE=$(LUA_INCDIR) -DIVS_JSMN_INCLUDE=$(JSMN_INCDIR) -DIVS_MBEDTLS_INCLUDE=$(MBEDTLS_INCDIR) " ..
    "-DCMAKE_LIBRARY_PATH=$(MBEDTLS_LIBDIR) && cmake --build build/luarocks --target ivs_module",
  install = { lib = { ivs = "build/luarocks/lua/ivs.so" } },
}
