// Dirt -> CSV bytes.
#ifndef ROLEMIX_SIMULATE_DIRT_CSV_H_
#define ROLEMIX_SIMULATE_DIRT_CSV_H_

#include <string>
#include <vector>

#include "simulate/dirt.h"

namespace rolemix {

/// `kind,host,metric,from,to,description`.
std::string dirt_csv(const std::vector<Dirt>& dirt);

}  // namespace rolemix

#endif  // ROLEMIX_SIMULATE_DIRT_CSV_H_
