# Debian's torch does not ship protobuf's CMake files that Caffe2Config asks for; the library itself is all we need.
# CMAKE_PREFIX_PATH chooses another: its folder, or what Python's torch.utils.cmake_prefix_path says, two folders below.
list(TRANSFORM CMAKE_PREFIX_PATH APPEND /../.. OUTPUT_VARIABLE above)
find_library(TORCH_CPU_LIBRARY torch_cpu HINTS ${above} PATH_SUFFIXES lib REQUIRED)
get_filename_component(torch_libraries ${TORCH_CPU_LIBRARY} DIRECTORY)
get_filename_component(torch_headers ${torch_libraries}/../include ABSOLUTE)
find_library(C10_LIBRARY c10 HINTS ${torch_libraries} REQUIRED)
find_library(TORCH_CUDA_LIBRARY torch_cuda PATHS ${torch_libraries} NO_DEFAULT_PATH)
find_path(TORCH_INCLUDE ATen/ATen.h HINTS ${torch_headers} REQUIRED)
find_path(TORCH_API_INCLUDE torch/torch.h HINTS ${torch_headers} PATH_SUFFIXES torch/csrc/api/include REQUIRED)
if(EXISTS ${TORCH_INCLUDE}/../share/cmake/Torch/TorchConfig.cmake)
  file(STRINGS ${TORCH_INCLUDE}/../share/cmake/Torch/TorchConfig.cmake old_strings REGEX "_GLIBCXX_USE_CXX11_ABI=0")
  if(old_strings)
    message(FATAL_ERROR "${TORCH_CPU_LIBRARY} was built with the old C++ string ABI; take torch from 2.7 on, or a build "
      "with the new one")
  endif()
endif()

add_library(torch_parts INTERFACE)
target_include_directories(torch_parts SYSTEM INTERFACE ${TORCH_INCLUDE} ${TORCH_API_INCLUDE})
target_link_libraries(torch_parts INTERFACE ${TORCH_CPU_LIBRARY} ${C10_LIBRARY})
if(TORCH_CUDA_LIBRARY)  # nothing names it: it announces itself when it is loaded
  target_link_libraries(torch_parts INTERFACE -Wl,--push-state,--no-as-needed ${TORCH_CUDA_LIBRARY} -Wl,--pop-state)
endif()
