// The parameters of a model in JSON on standard input -> a model file on standard output. Computes
// nothing: generate.py uses it for the bytes of golden models.
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

#include "golden/golden.h"
#include "model/model_file.h"

int main() {
  const std::string text{std::istreambuf_iterator<char>(std::cin),
                         std::istreambuf_iterator<char>()};
  const rolemix::RoleModel model =
      rolemix::golden::role_model_of(rolemix::golden::Json::parse(text));
  if (const auto checked = rolemix::validated_mixture(model); !checked) {
    std::cerr << "make_model: " << checked.error().message << '\n';
    return 2;
  }
  const std::string bytes = rolemix::write_model(model);
  return std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() ? 0 : 3;
}
