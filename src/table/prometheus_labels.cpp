#include "table/prometheus_labels.h"

#include <array>

namespace rolemix {
namespace {

// As Prometheus writes a label's value.
std::string label_value(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out += '"';
}

}  // namespace

Labels::const_iterator host_label(const Labels& labels) {
  constexpr std::array<std::string_view, 5> kHostLabels = {"instance", "host", "hostname", "node",
                                                           "nodename"};
  for (const std::string_view name : kHostLabels) {
    const auto found = labels.find(name);
    if (found != labels.end()) return found;
  }
  return labels.end();
}

std::string series_name(const Labels& labels, std::string_view left_out) {
  std::string name;
  std::string list;
  for (const auto& [label, value] : labels) {
    if (label == "__name__") {
      name = value;
    } else if (label != left_out && label != "job") {
      list += (list.empty() ? "{" : ",") + label + '=' + label_value(value);
    }
  }
  return list.empty() ? name : name + list + '}';
}

std::string_view stem(std::string_view file) {
  file = file.substr(file.find_last_of("/\\") + 1);
  for (const std::string_view extension : {".gz", ".json"}) {
    if (file.size() > extension.size() && file.ends_with(extension)) {
      file.remove_suffix(extension.size());
    }
  }
  return file;
}

}  // namespace rolemix
