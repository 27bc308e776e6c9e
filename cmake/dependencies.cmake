# What comes from the distribution. Headers are reached through a folder of links: they alone get into a build for
# another machine (WebAssembly, arm64), and not all that lies beside them on the host.
find_program(FLATC flatc)
if(NOT FLATC)
  message(FATAL_ERROR "flatc is missing; script/setup installs it")
endif()
cmake_path(GET FLATC PARENT_PATH tools)
cmake_path(GET tools PARENT_PATH prefix)

# find_headers(VARIABLE FILE folder...): the folder in which FILE lies; on the host, whatever the build is for.
function(find_headers variable file)
  find_path(${variable} ${file} HINTS ${prefix}/include ${prefix}/src PATH_SUFFIXES ${ARGN}
    NO_CMAKE_FIND_ROOT_PATH)
  if(NOT ${variable})
    message(FATAL_ERROR "${file} is missing; script/setup installs it")
  endif()
endfunction()

set(ROLEMIX_HEADERS ${CMAKE_BINARY_DIR}/include)
if(IS_SYMLINK ${ROLEMIX_HEADERS}/eigen3) # of an older checkout: writing into it would reach the host
  file(REMOVE ${ROLEMIX_HEADERS}/eigen3)
endif()
# link_headers(TO NAME FILE [folder...]): links the folder NAME, with which FILE begins, into the folder TO.
function(link_headers to name file)
  find_headers(ROLEMIX_${name} ${file} ${ARGN})
  file(MAKE_DIRECTORY ${to})
  file(CREATE_LINK ${ROLEMIX_${name}}/${name} ${to}/${name} SYMBOLIC)
endfunction()
link_headers(${ROLEMIX_HEADERS}/eigen3 Eigen Eigen/Core eigen3)
link_headers(${ROLEMIX_HEADERS} flatbuffers flatbuffers/flatbuffers.h)
link_headers(${ROLEMIX_HEADERS} fast_float fast_float/fast_float.h)
link_headers(${ROLEMIX_HEADERS} nlohmann nlohmann/json.hpp)

add_library(headers INTERFACE)
target_include_directories(headers INTERFACE ${PROJECT_SOURCE_DIR}/src)
target_include_directories(headers SYSTEM INTERFACE ${ROLEMIX_HEADERS} ${ROLEMIX_HEADERS}/eigen3)
# Eigen never starts threads of its own here, and its allocation failures abort rather than throw.
target_compile_definitions(headers INTERFACE EIGEN_DONT_PARALLELIZE)
if(EMSCRIPTEN)
  # Eigen has no vector code for WebAssembly: what malloc returns is aligned enough.
  target_compile_definitions(headers INTERFACE EIGEN_MAX_ALIGN_BYTES=0)
endif()

if(NOT EMSCRIPTEN)
  find_package(Threads REQUIRED)
endif()

# The command and its rooms are built only where they also run; the other rooms need headers alone.
set(ROLEMIX_COMMAND ON)
if(CMAKE_CROSSCOMPILING)
  set(ROLEMIX_COMMAND OFF)
endif()
if(ROLEMIX_COMMAND)
  foreach(package IN ITEMS CLI11 date fmt nlohmann_json yaml-cpp ZLIB)
    find_package(${package})
    if(NOT ${package}_FOUND)
      message(FATAL_ERROR "${package} is missing; script/setup installs it")
    endif()
  endforeach()
endif()
