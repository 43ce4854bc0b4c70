# A room is a folder of src/: one object library from its sources and the public headers it implements, and one test
# program from its *_test.cc. Sources are found by glob, so adding a part touches no CMake file. Linking the tests
# with only the rooms below keeps the order of the house.
set(UNDERSTUDY_PARTS fmt::fmt nlohmann_json::nlohmann_json tomlplusplus::tomlplusplus Boost::headers PkgConfig::sodium ZLIB::ZLIB duckdb
  ${XGBOOST_LIBRARY} ${FAISS_LIBRARY} ${OPENBLAS_LIBRARY} ${OpenMP_gomp_LIBRARY} Threads::Threads ${CMAKE_DL_LIBS})

# Where noise comes from is the one thing that a program chooses when it is linked: secure_source.cc and
# seeded_source.cc define the same names. So neither belongs to room_privacy; each is an object library of its own, and
# a program or library takes exactly one. Tests take the secure one, unless they say otherwise.
set(UNDERSTUDY_NOISE_SOURCES "/privacy/noise/(secure_source|seeded_source|seeded_source_test)\\.cc$")
function(understudy_noise)
  foreach(name secure seeded)
    add_library(noise_${name} OBJECT ${CMAKE_SOURCE_DIR}/src/privacy/noise/${name}_source.cc)
    target_link_libraries(noise_${name} PUBLIC understudy_flags ${UNDERSTUDY_PARTS})
  endforeach()
  if(UNDERSTUDY_TESTS)
    understudy_test(test_seeded_noise ${CMAKE_SOURCE_DIR}/src/privacy/noise/seeded_source_test.cc
      $<TARGET_OBJECTS:noise_seeded> $<TARGET_OBJECTS:room_privacy> $<TARGET_OBJECTS:room_core>)
    target_link_libraries(test_seeded_noise PRIVATE room_privacy)
  endif()
endfunction()

# A file of generators/ that includes nn/ belongs to the shared object of the networks.
function(understudy_split_sources result networks)
  set(plain "")
  set(neural "")
  foreach(file ${ARGN})
    file(STRINGS ${file} uses REGEX "#include \"nn/|#include <(torch|ATen|c10)/")
    if(uses)
      list(APPEND neural ${file})
    else()
      list(APPEND plain ${file})
    endif()
  endforeach()
  set(${result} ${plain} PARENT_SCOPE)
  set(${networks} ${neural} PARENT_SCOPE)
endfunction()

function(understudy_test name)
  add_executable(${name} ${ARGN})
  target_link_libraries(${name} PRIVATE understudy_flags gtest gtest_main)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  # Tests name the members that matter; the others keep their defaults. The two others are false alarms of GCC 12 about
  # short strings.
  target_compile_options(${name} PRIVATE -Wno-missing-field-initializers
    -Wno-restrict -Wno-maybe-uninitialized)
  target_compile_definitions(${name} PRIVATE UNDERSTUDY_GOLDEN="${CMAKE_SOURCE_DIR}/tests/golden")
  add_test(NAME ${name} COMMAND ${name})
endfunction()

function(understudy_room name)
  set(folder ${CMAKE_SOURCE_DIR}/src/${name})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${folder}/*.cc)
  list(FILTER sources EXCLUDE REGEX "${UNDERSTUDY_NOISE_SOURCES}")
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  understudy_split_sources(sources neural ${sources})
  understudy_split_sources(tests neural_tests ${tests})
  set_property(GLOBAL APPEND PROPERTY understudy_neural ${neural})
  set_property(GLOBAL APPEND PROPERTY understudy_neural_tests ${neural_tests})
  add_library(room_${name} OBJECT ${sources})
  set_target_properties(room_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(room_${name} PUBLIC understudy_flags ${UNDERSTUDY_PARTS})

  set(rooms ${name})
  foreach(below ${ARGN})
    get_property(more GLOBAL PROPERTY understudy_rooms_${below})
    list(APPEND rooms ${more})
  endforeach()
  list(REMOVE_DUPLICATES rooms)
  set_property(GLOBAL PROPERTY understudy_rooms_${name} ${rooms})
  if(tests AND UNDERSTUDY_TESTS)
    understudy_test(test_${name} ${tests})
    foreach(room ${rooms})
      target_link_libraries(test_${name} PRIVATE room_${room})
      target_sources(test_${name} PRIVATE $<TARGET_OBJECTS:room_${room}>)
    endforeach()
    if(privacy IN_LIST rooms)
      target_sources(test_${name} PRIVATE $<TARGET_OBJECTS:noise_secure>)
    endif()
  endif()
endfunction()

# Everything that needs no torch, as one shared library; `noise` is noise_secure or noise_seeded.
function(understudy_library name top noise)
  get_property(rooms GLOBAL PROPERTY understudy_rooms_${top})
  add_library(${name} SHARED $<TARGET_OBJECTS:${noise}>)
  foreach(room ${rooms})
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:room_${room}>)
  endforeach()
  target_link_libraries(${name} PUBLIC understudy_flags ${UNDERSTUDY_PARTS})
endfunction()

# nn/ and the generators that use it: opened at run time, when a network is needed.
function(understudy_networks name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/nn/*.cc)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$")
  get_property(neural GLOBAL PROPERTY understudy_neural)
  get_property(neural_tests GLOBAL PROPERTY understudy_neural_tests)
  add_library(${name} SHARED ${sources} ${neural})
  set_target_properties(${name} PROPERTIES DEFINE_SYMBOL "")  # the tests use the same precompiled header
  target_link_libraries(${name} PUBLIC understudy torch_parts)
  target_precompile_headers(${name} PRIVATE ${CMAKE_SOURCE_DIR}/src/nn/torch.h)
  list(APPEND tests ${neural_tests})
  if(tests AND UNDERSTUDY_TESTS)
    understudy_test(test_networks ${tests})
    target_link_libraries(test_networks PRIVATE ${name})
    target_precompile_headers(test_networks REUSE_FROM ${name})
    # The precompiled header was built for a shared object.
    set_target_properties(test_networks PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(test_networks PRIVATE -fPIC)
  endif()
endfunction()
