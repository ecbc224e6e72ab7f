include $(sort $(wildcard $(BR2_EXTERNAL_IVS_PATH)/package/*/*.mk))
