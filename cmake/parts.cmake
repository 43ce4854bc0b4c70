# The libraries we build on (docs/decisions lists why). scripts/setup installs all of them.
find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED COMPONENTS CXX)  # faiss was built with it
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(tomlplusplus REQUIRED)
if(UNDERSTUDY_FUZZ)  # compiled in from its headers, so that fuzzers and sanitizers see into it; without assertions, as
                     # in the library
  set_target_properties(tomlplusplus::tomlplusplus PROPERTIES
    INTERFACE_COMPILE_OPTIONS
    "-DTOML_ASSERT(x)=static_cast<void>(0);-fsanitize-ignorelist=${CMAKE_SOURCE_DIR}/tests/fuzz/ignored.txt")
endif()
find_package(Boost REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/privacy/noise/chacha20.cc PROPERTIES COMPILE_DEFINITIONS UNDERSTUDY_LIBCRYPTO)
find_library(XGBOOST_LIBRARY xgboost REQUIRED)
find_library(FAISS_LIBRARY faiss REQUIRED)
find_library(OPENBLAS_LIBRARY openblas REQUIRED)

# DuckDB: DUCKDB_ROOT with include/duckdb.h and lib/libduckdb.so, else what scripts/setup fetched.
set(DUCKDB_ROOT ${CMAKE_SOURCE_DIR}/.deps/duckdb CACHE PATH "DuckDB's C API: include/duckdb.h, lib/libduckdb.so")
find_path(DUCKDB_INCLUDE duckdb.h PATHS ${DUCKDB_ROOT}/include NO_DEFAULT_PATH)
find_library(DUCKDB_LIBRARY duckdb PATHS ${DUCKDB_ROOT}/lib NO_DEFAULT_PATH)
set(VEGA_ROOT ${CMAKE_SOURCE_DIR}/.deps/vega CACHE PATH "vega.min.js, vega-lite.min.js, vega-embed.min.js")
if(NOT DUCKDB_INCLUDE OR NOT DUCKDB_LIBRARY OR NOT EXISTS ${VEGA_ROOT}/vega.min.js)
  message(FATAL_ERROR "DuckDB or Vega is missing under .deps: run scripts/setup, or set DUCKDB_ROOT and VEGA_ROOT")
endif()
add_library(duckdb SHARED IMPORTED)
set_target_properties(duckdb PROPERTIES IMPORTED_LOCATION ${DUCKDB_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${DUCKDB_INCLUDE})

set(UNDERSTUDY_PARTS fmt::fmt nlohmann_json::nlohmann_json tomlplusplus::tomlplusplus Boost::headers PkgConfig::sodium OpenSSL::Crypto ZLIB::ZLIB duckdb
  ${XGBOOST_LIBRARY} ${FAISS_LIBRARY} ${OPENBLAS_LIBRARY} ${OpenMP_gomp_LIBRARY} Threads::Threads ${CMAKE_DL_LIBS})

if(UNDERSTUDY_NETWORKS)
  include(torch)
  get_target_property(fmt_include fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
  if(NOT TORCH_INCLUDE STREQUAL fmt_include AND EXISTS ${TORCH_INCLUDE}/fmt/format.h)
    target_compile_definitions(torch_parts INTERFACE FMT_HEADER_ONLY)  # torch's own headers of fmt come first there
  endif()

  # Several processes: torch's headers for it are empty without this definition, and include Gloo's, which torch does not
  # ship. The library itself is inside torch. A file of its own, because the precompiled header has no such definition.
  find_path(GLOO_INCLUDE gloo/context.h PATHS ${TORCH_INCLUDE} NO_DEFAULT_PATH)  # another torch has another Gloo
  if(GLOO_INCLUDE)
    set_source_files_properties(${CMAKE_SOURCE_DIR}/src/nn/c10d_ranks.cc PROPERTIES
      COMPILE_DEFINITIONS USE_C10D_GLOO SKIP_PRECOMPILE_HEADERS ON)
    target_include_directories(torch_parts SYSTEM INTERFACE ${GLOO_INCLUDE})
  else()
    message(STATUS "Gloo's headers (libgloo-dev) are missing: no training on several processes")
  endif()
endif()
