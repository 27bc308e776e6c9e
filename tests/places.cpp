#include "places.h"

namespace rolemix {

std::string source_folder() { return ROLEMIX_SOURCE_FOLDER; }

std::string command_path() { return ROLEMIX_COMMAND; }

}  // namespace rolemix
