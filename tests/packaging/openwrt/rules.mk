# A stand-in for what OpenWrt's rules.mk gives a package's Makefile, with this machine's tools. WORK is where all of it happens.
INCLUDE_DIR := $(TOPDIR)/include
DL_DIR := $(WORK)/dl
BUILD_DIR := $(WORK)/build_dir
STAGING_DIR := $(WORK)/staging_dir
ARCH := $(shell uname -m)
TARGET_CC := gcc
TARGET_CFLAGS := -O0
HOSTCC := gcc
INSTALL_DIR := install -d -m0755
INSTALL_BIN := install -m0755
INSTALL_DATA := install -m0644
CP := cp -fpR
TAR := tar
