################################################################################
#
# ivs
#
################################################################################

IVS_VERSION = 0.1.0
IVS_SOURCE = ivs-$(IVS_VERSION).tar.gz
# The folder with the archive of `make dist`; as set here when this tree is used where it lies.
IVS_DIST ?= $(abspath $(BR2_EXTERNAL_IVS_PATH)/../../build/dist)
IVS_SITE = file://$(IVS_DIST)
IVS_LICENSE = MIT
IVS_LICENSE_FILES = LICENSE
IVS_INSTALL_STAGING = YES
IVS_SUPPORTS_IN_SOURCE_BUILD = NO
IVS_DEPENDENCIES = jsmn lua mbedtls
IVS_CONF_OPTS = \
	-DIVS_SYSTEM_DEPS=ON \
	-DIVS_BUILD_TESTS=OFF \
	-DIVS_HOST_CC="$(HOSTCC)"

# One static program; the module is not built, as nothing could load it.
ifeq ($(BR2_STATIC_LIBS),y)
IVS_CONF_OPTS += -DIVS_STATIC=ON
endif

# Annotations for editors are for the developer's machine.
define IVS_REMOVE_ANNOTATIONS
	rm -rf $(TARGET_DIR)/usr/share/ivs
endef
IVS_POST_INSTALL_TARGET_HOOKS += IVS_REMOVE_ANNOTATIONS

$(eval $(cmake-package))
