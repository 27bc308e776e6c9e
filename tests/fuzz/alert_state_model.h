// The model that the alert states of the fuzzer and of its corpus are of.
#ifndef ROLEMIX_TESTS_FUZZ_ALERT_STATE_MODEL_H_
#define ROLEMIX_TESTS_FUZZ_ALERT_STATE_MODEL_H_

#include "model/random_model.h"

namespace rolemix {

inline RoleModel alert_state_model() {
  RoleModel model;
  model.role = "fuzz:role";
  model.model_id = "78b87279d36febec";
  model.calibration = simple_calibration();
  for (const char* name : {"cpu", "load", "disk"}) {
    model.metrics.emplace_back().name = name;
  }
  return model;
}

}  // namespace rolemix

#endif  // ROLEMIX_TESTS_FUZZ_ALERT_STATE_MODEL_H_
