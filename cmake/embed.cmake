# Puts files into the program as they are (.incbin: no generated arrays, so a megabyte of script costs no compile time).
#
#   understudy_embed(room_report report/assets.h asset ${folder}/report.css ${VEGA_ROOT}/vega.min.js)
#
# gives the target one more source that defines understudy::asset(name), declared in src/report/assets.h, name being the
# file's name without its folder. The object is built again when a file changes.
function(understudy_embed target header function)
  set(blobs "")
  set(declarations "")
  set(rows "")
  set(number 0)
  foreach(file ${ARGN})
    get_filename_component(name ${file} NAME)
    set(label understudy_${function}_${number})
    string(APPEND blobs "    \".hidden ${label}, ${label}_end\\n\"\n"
      "    \".globl ${label}, ${label}_end\\n\"\n"
      "    \"${label}: .incbin \\\"${file}\\\"\\n${label}_end: .byte 0\\n\"\n")
    string(APPEND declarations "extern \"C\" HIDDEN const char ${label}[];\n"
      "extern \"C\" HIDDEN const char ${label}_end[];\n")
    string(APPEND rows "  if (name == \"${name}\") return {${label}, ${label}_end};\n")
    math(EXPR number "${number} + 1")
  endforeach()
  set(source ${CMAKE_BINARY_DIR}/embed/${target}.cc)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/embed.cc.in ${source} @ONLY)
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${ARGN}")
  target_sources(${target} PRIVATE ${source})
endfunction()
