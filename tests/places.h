// Where the tests find files. Only places.cpp knows the paths, so that a compiler cache serves
// every clone with the other test files.
#ifndef ROLEMIX_TESTS_PLACES_H_
#define ROLEMIX_TESTS_PLACES_H_

#include <string>

namespace rolemix {

/// The checkout.
std::string source_folder();

/// The rolemix command of the same build.
std::string command_path();

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_PLACES_H_
