# Libraries of the distribution. Under Emscripten only the header-only ones are used; they are reached through
# links of their own, because the rest of the host's include folder must stay out of a WebAssembly build.
set(ROLEMIX_HEADERS ${CMAKE_BINARY_DIR}/include)
file(MAKE_DIRECTORY ${ROLEMIX_HEADERS})
foreach(header_folder eigen3 flatbuffers fast_float nlohmann)
  if(NOT EXISTS /usr/include/${header_folder})
    message(FATAL_ERROR "/usr/include/${header_folder} is missing; script/setup installs it")
  endif()
  file(CREATE_LINK /usr/include/${header_folder} ${ROLEMIX_HEADERS}/${header_folder} SYMBOLIC)
endforeach()

add_library(headers INTERFACE)
target_include_directories(headers INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_include_directories(headers SYSTEM INTERFACE ${ROLEMIX_HEADERS} ${ROLEMIX_HEADERS}/eigen3)
# Eigen never starts threads of its own here, and its allocation failures abort rather than throw.
target_compile_definitions(headers INTERFACE EIGEN_DONT_PARALLELIZE)
if(EMSCRIPTEN)
  # Eigen has no vector code for WebAssembly: what malloc returns is aligned enough.
  target_compile_definitions(headers INTERFACE EIGEN_MAX_ALIGN_BYTES=0)
endif()

find_program(FLATC flatc REQUIRED)

if(NOT EMSCRIPTEN)
  find_package(CLI11 REQUIRED)
  find_package(fmt REQUIRED)
  find_package(nlohmann_json REQUIRED)
  find_package(Threads REQUIRED)
  find_package(yaml-cpp REQUIRED)
  find_package(ZLIB REQUIRED)
endif()
