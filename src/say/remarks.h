// What else there is to say of a sample, beside its sentence.
#ifndef ROLEMIX_SAY_REMARKS_H_
#define ROLEMIX_SAY_REMARKS_H_

#include <string>
#include <vector>

#include "explain/detail.h"
#include "explain/explain.h"
#include "model/role_model.h"
#include "text/language.h"

namespace rolemix {

/// A line each, as far as there is something to say: what predicted the metric of rank 1, which
/// metrics move together, what would make the sample normal, whether rank 1 is firm, and the states
/// it was judged in. States less likely than 1 % are left out.
std::vector<std::string> remarks(const RoleModel& model, const Explanation& explanation,
                                 const Detail& detail, Language language = Language::kEnglish);

}  // namespace rolemix

#endif  // ROLEMIX_SAY_REMARKS_H_
