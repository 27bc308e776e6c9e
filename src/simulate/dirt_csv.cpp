#include "simulate/dirt_csv.h"

#include <fmt/format.h>

#include "base/escape.h"

namespace rolemix {

std::string dirt_csv(const std::vector<Dirt>& dirt) {
  std::string csv = "kind,host,metric,from,to,description\n";
  for (const Dirt& piece : dirt) {
    csv += fmt::format("{},{},{},{},{},{}\n", name(piece.kind), csv_field(piece.host),
                       csv_field(piece.metric), piece.from, piece.to, csv_field(piece.description));
  }
  return csv;
}

}  // namespace rolemix
