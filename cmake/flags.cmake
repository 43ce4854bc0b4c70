# Warnings, optimisation and sanitizers, the same for every target.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(understudy_flags INTERFACE)
target_include_directories(understudy_flags INTERFACE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
target_compile_options(understudy_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Werror
  $<$<NOT:$<CONFIG:Debug>>:-O3>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(understudy_flags INTERFACE -Wno-restrict)  # false alarms of GCC 12 about short strings
endif()
if(UNDERSTUDY_ARCH AND CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  target_compile_options(understudy_flags INTERFACE -march=${UNDERSTUDY_ARCH})
endif()
if(UNDERSTUDY_ASSERTIONS)
  target_compile_definitions(understudy_flags INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(UNDERSTUDY_SANITIZE)
  # GCC sees uninitialised values in instrumented library code (std::regex) where there are none.
  target_compile_options(understudy_flags INTERFACE -fsanitize=${UNDERSTUDY_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  target_link_options(understudy_flags INTERFACE -fsanitize=${UNDERSTUDY_SANITIZE})
endif()
# Nobody reads errno after a square root, and loops that might set it are not vectorised. The precompiled header was made
# with errno.
set_source_files_properties(${CMAKE_SOURCE_DIR}/src/privacy/noise/gaussian_stream.cc ${CMAKE_SOURCE_DIR}/src/nn/passes.cc
  PROPERTIES COMPILE_OPTIONS -fno-math-errno SKIP_PRECOMPILE_HEADERS ON)
# Sums and maxima of short rows, of several numbers at once.
set(UNDERSTUDY_CHAIN ${CMAKE_SOURCE_DIR}/src/generators/understudy)
set_source_files_properties(${UNDERSTUDY_CHAIN}/chain.cc ${UNDERSTUDY_CHAIN}/chain_sampler.cc ${UNDERSTUDY_CHAIN}/chain_subjects.cc
  ${UNDERSTUDY_CHAIN}/softmax_test.cc
  PROPERTIES COMPILE_OPTIONS "-fopenmp-simd;-fno-math-errno")
