SUMMARY = "Amazon Interactive Video Service from small machines"
DESCRIPTION = "The program ivs, which has every operation of Amazon IVS low-latency streaming as a command and runs \
Lua scripts; the same as a module for Lua 5.4; and the libraries for C that both are made of."
HOMEPAGE = "https://docs.aws.amazon.com/ivs/"
SECTION = "multimedia"
LICENSE = "MIT"
LIC_FILES_CHKSUM = "file://LICENSE;md5=ee3d7c2058c5c508eb15b8dac22e45ac"

# jsmn is a header only, and no layer has it. It goes into ivs's own folder, which is where S is in every release.
JSMN_VERSION = "1.1.0"
FILESEXTRAPATHS:prepend := "${IVS_DIST}:"
SRC_URI = "file://${BP}.tar.gz \
           https://github.com/zserge/jsmn/archive/refs/tags/v${JSMN_VERSION}.tar.gz;name=jsmn;downloadfilename=jsmn-${JSMN_VERSION}.tar.gz;subdir=${BP}"
SRC_URI[jsmn.sha256sum] = "5f0913a10657fe7ec8d5794ccf00a01000e3e1f2f1e1f143c34a0f7b47edcb38"

DEPENDS = "lua mbedtls"

inherit cmake bash-completion

EXTRA_OECMAKE = "-DIVS_SYSTEM_DEPS=ON -DIVS_BUILD_TESTS=OFF \
                 -DIVS_HOST_CC='${BUILD_CC}' \
                 -DIVS_JSMN_INCLUDE=${S}/jsmn-${JSMN_VERSION} \
                 -DIVS_LUA_MODULE_DIR=${baselib}/lua/5.4"

# The program is in ivs, libraries and headers are in ivs-staticdev and ivs-dev.
PACKAGES =+ "lua-ivs ${PN}-zsh-completion"
FILES:lua-ivs = "${libdir}/lua/5.4/ivs.so"
FILES:${PN}-zsh-completion = "${datadir}/zsh/site-functions"
FILES:${PN}-dev += "${datadir}/ivs/meta"
SUMMARY:lua-ivs = "${SUMMARY}: module for Lua 5.4"
RDEPENDS:lua-ivs = "lua"
