# A stand-in for OpenWrt's package.mk: its defaults, and one target for each thing that it does with a package.
#   prepare  configure  compile  dev  install-NAME  show-NAME  downloads
PKG_BUILD_DIR ?= $(BUILD_DIR)/$(PKG_NAME)-$(PKG_VERSION)
PKG_INSTALL_DIR ?= $(PKG_BUILD_DIR)/ipkg-install
.PHONY: prepare configure compile dev downloads

define Build/Prepare/Default
	mkdir -p $(PKG_BUILD_DIR)
	$(TAR) -C $(PKG_BUILD_DIR)/.. -xzf $(DL_DIR)/$(PKG_SOURCE)
endef
Build/Prepare = $(Build/Prepare/Default)
Build/Configure = $(Build/Configure/Default)
Build/Compile = $(Build/Compile/Default)
Build/Install = $(Build/Install/Default)

prepare:
	$(Build/Prepare)
configure:
	$(Build/Configure)
compile:
	$(Build/Compile)
	$(Build/Install)
dev:
	$(call Build/InstallDev,$(WORK)/dev)

# As there, a block of fields is evaluated, and so leaves its fields as variables.
define Download
$(eval $(Download/$(1)))
downloads:
	@echo "$(FILE) $(HASH) $(URL)$(URL_FILE)"
endef

define BuildPackage
TITLE :=
DEPENDS :=
SECTION :=
CATEGORY :=
$(eval $(Package/$(1)))
.PHONY: install-$(1) show-$(1)
install-$(1):
	$(call Package/$(1)/install,$(WORK)/packages/$(1))
show-$(1):
	@echo "section=$(SECTION) category=$(CATEGORY) title=$(TITLE)"
	@echo "depends=$(DEPENDS)"
	@echo "version=$(PKG_VERSION)-r$(PKG_RELEASE) license=$(PKG_LICENSE) file=$(PKG_LICENSE_FILES) source=$(PKG_SOURCE)"
endef
