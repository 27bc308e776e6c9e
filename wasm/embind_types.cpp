// What Embind's own library would bring, but only for the types of our functions: that library
// registers every type there is, under names that take run-time type information. Code that needs
// such information (std::shared_ptr does) brings that library back, and does not link: duplicate
// symbols.
#include <emscripten/bind.h>

#include <limits>
#include <string>

#include "convert_table.h"

namespace {

using emscripten::internal::TypeID;

template <typename T>
void add_integer(const char* name) {
  emscripten::internal::_embind_register_integer(TypeID<T>::get(), name, sizeof(T),
                                                 std::numeric_limits<T>::min(),
                                                 std::numeric_limits<T>::max());
}

/// Before the functions, whose bindings are static objects. A type of theirs that is missing here
/// fails in the first call.
[[gnu::constructor(101)]] void add_types() {
  using namespace emscripten::internal;
  _embind_register_void(TypeID<void>::get(), "void");
  _embind_register_bool(TypeID<bool>::get(), "bool", true, false);
  add_integer<int>("int");
  add_integer<rolemix::Address>("unsigned long");
  _embind_register_float(TypeID<double>::get(), "double", sizeof(double));
  _embind_register_std_string(TypeID<std::string>::get(), "std::string");
  _embind_register_emval(TypeID<emscripten::val>::get());
}

}  // namespace

// Embind's hooks for names of types in messages and for registering again in every thread.
extern "C" {
const char* __getTypeName(const void* /*type*/) { return nullptr; }
void _embind_initialize_bindings() {}
void _embind_register_bindings(emscripten::internal::InitFunc* /*functions*/) {}
}
