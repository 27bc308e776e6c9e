// make_corpus FOLDER: writes the seeds of the readers of models and alert states, as files and, for
// what comes after the digest's check, as `F` and what is in them. To be run when a format changes.
#include <cstdio>
#include <fstream>
#include <string>

#include "alert/alert_state_file.h"
#include "fuzz/alert_state_model.h"
#include "model/model_file.h"
#include "model/random_model.h"

namespace rolemix {
namespace {

constexpr std::size_t kDigestBytes = 8;

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// NAME.EXTENSION and NAME.body.
void write_both(const std::string& name, const std::string& extension, const std::string& file) {
  write(name + "." + extension, file);
  write(name + ".body", "F" + file.substr(0, file.size() - kDigestBytes));
}

RoleModel one_metric() {
  RoleModel model = plain_model({Vector::Ones(1), Matrix::Zero(1, 1), {Matrix::Identity(1, 1)}});
  model.calibration = Calibration();
  model.calibration.not_ready_reason = "too little";
  return model;
}

/// With something in every field.
RoleModel full_model() {
  Parameters parameters{Eigen::Vector2d(0.75, 0.25), Matrix::Zero(2, 2), {}};
  parameters.means(1, 0) = 9;
  parameters.covariances.assign(2, 2 * Matrix::Identity(2, 2));
  RoleModel model = plain_model(parameters);
  model.unclipped_covariances.assign(2, Matrix::Identity(2, 2));
  MetricSpec& metric = model.metrics[0];
  metric.unit = "percent";
  metric.full_scale = 100;
  metric.tolerance_source = "configured";
  metric.transform = Transform::kLogit;
  metric.detection_direction = DetectionDirection::kAbove;
  metric.median = metric.usual_low = 3;
  metric.usual_high = 4;
  metric.center_by_host = metric.non_negative = true;
  metric.kind = MetricKind::kCause;
  metric.tail_below = metric.tail_above = HeavyTail{2, 1.5, 0.25, 2};
  model.constants = {{"swap", "bytes", 5, 0.5, DetectionDirection::kBelow, MetricKind::kSymptom}};
  QuietTime quiet;
  quiet.to.fill(3600);
  quiet.offsets = {{0, 3600}, {100, 7200}};
  quiet.hosts = {"db-3"};
  quiet.metrics = {"metric1"};
  model.quiet = {quiet};
  model.state_times.resize(2);
  model.calibration.history.assign(std::size_t{kSensitivities} * kMaxCheckAttempts, {1, 2, 3});
  model.provenance = {"0.1.0", "00ff", 1, 2, 1000, 3, 7};
  return model;
}

void write_models(const std::string& folder) {
  write_both(folder + "one", "rolemix", write_model(one_metric()));
  write_both(folder + "full", "rolemix", write_model(full_model()));
  write(folder + "cut.rolemix", write_model(one_metric()).substr(0, 100));
  RoleModel steep = one_metric();
  steep.calibration = simple_calibration();
  steep.calibration.curves = curves_of({0, 1e-9, 1}, {1e-30, 1e30, 1e40}, 1e6);
  write_both(folder + "steep", "rolemix", write_model(steep));
}

/// Of hosts of which the first `bad` are anomalous from the third of `minutes` minutes on.
AlertState state_of(int hosts, int bad, int minutes) {
  AlertState state;
  for (int minute = 0; minute < minutes; ++minute) {
    for (int h = 0; h < hosts; ++h) {
      const double score = h < bad && minute > 2 ? 2.5 : 0.5;
      update(state, alert_state_model(), {2, 3, 3}, std::string(1, static_cast<char>('a' + h)),
             {60.0 * minute, 30, score});
    }
  }
  return state;
}

void write_states(const std::string& folder) {
  const auto bytes = [](const AlertState& state) {
    return write_alert_state(state, alert_state_model()).value().bytes;
  };
  write_both(folder + "empty", "state", bytes(AlertState()));
  write_both(folder + "calm", "state", bytes(state_of(2, 0, 4)));
  write_both(folder + "role", "state", bytes(state_of(4, 3, 9)));
  write_both(folder + "pending", "state", bytes(state_of(4, 2, 6)));
  AlertState open = state_of(1, 1, 8);
  HostAlertState& host = open.hosts[0];
  host.carried = {420,
                  {{0, 300}, {1, 2, 3, 4, 5, 6}},
                  {0.75, 0.5, 420, true},
                  {{360, 420}, {0, 1, 2, 0, 0, 12, 3, 4, 5, 0, 3, 0}}};
  host.habituation = 0.25;
  FoundMetric metric{.metric = 0, .observed = 97, .high = 40, .blame = 1};
  metric.reason = Reason::kBoth;
  host.current.finding = Finding{FindingKind::kOutside, {metric}, {1}, false};
  write_both(folder + "open", "state", bytes(open));
  write(folder + "cut.state", bytes(open).substr(0, 100));
}

}  // namespace
}  // namespace rolemix

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_corpus FOLDER\n", stderr);
    return 2;
  }
  rolemix::write_models(std::string(argv[1]) + "/model/");
  rolemix::write_states(std::string(argv[1]) + "/alert_state/");
  return 0;
}
