# Reads the requirements of a component, as ESP-IDF does before it knows any configuration: by a script, in which
# idf_component_register() ends the file.
macro(idf_component_register)
  return()
endmacro()
include("${COMPONENT}/CMakeLists.txt")
