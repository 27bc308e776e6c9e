#include "model/model_file.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "base/digest.h"
#include "fuzz/use_model.h"
#include "golden/golden.h"
#include "model/random_model.h"
#include "score/score.h"

namespace rolemix {
namespace {

using golden::as_bytes;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::size_t kDigestBytes = 8;

/// The body of a file with the digest that fits it.
std::string sealed(std::string body) {
  std::uint64_t value = digest(body);
  for (std::size_t i = 0; i < kDigestBytes; ++i, value >>= 8) {
    body.push_back(static_cast<char>(value & 0xff));
  }
  return body;
}

std::string body_of(const std::string& file) { return file.substr(0, file.size() - kDigestBytes); }

RoleModel small_model() {
  Random random(1);
  RoleModel model = random_model(random);
  model.unclipped_covariances = model.covariances;
  model.metrics[0].unit = "percent";
  model.metrics[0].tolerance_source = "configured";
  model.metrics[0].detection_direction = DetectionDirection::kAbove;
  model.metrics[0].center_by_host = true;
  model.metrics[0].median = 3;
  model.metrics[0].non_negative = true;
  model.metrics[0].kind = MetricKind::kSymptom;
  model.metrics[0].usual_low = 2;
  model.metrics[0].usual_high = 4;
  model.metrics[0].blame_scale = 1.5;
  model.metrics[0].tail_above = HeavyTail{2.5, 1.5, 0.25, 2};
  model.constants = {
      {"swap.total", "bytes", 5, 0.5, DetectionDirection::kBelow, MetricKind::kCause}};
  QuietTime quiet{.offsets = {{0, 3600}, {100, -7200}}, .hosts = {"db-3"}, .metrics = {"disk"}};
  quiet.from.fill(10800);
  quiet.to.fill(13200);
  quiet.to[6] = 90000;
  model.quiet = {quiet};
  model.calibration.history.assign(30, {1, 2, 4});
  model.calibration.history[29] = {1.5, 2.5, 3};
  model.state_times.resize(model.components());
  for (Index k = 0; k < model.components(); ++k) {
    model.state_times[k].by_hour.setLinSpaced(0, 0.1 * static_cast<double>(k + 1));
    model.state_times[k].by_weekday.setLinSpaced(0.2, 1);
  }
  model.alert_settings = {Sensitivity::kSensitive, Sensitivity::kNormal, 5};
  model.provenance = {"0.1.0", "00ff", 1.5, 2.5, 1234, 7, 99};
  return model;
}

void expect_error(const std::string& bytes, ErrorCode code, const std::string& what) {
  const auto model = read_model(as_bytes(bytes));
  ASSERT_FALSE(model) << what;
  EXPECT_EQ(model.error().code, code) << what << ": " << model.error().message;
  EXPECT_TRUE(model.error().message.starts_with("model file: ")) << model.error().message;
}

// ---- what is written is read

TEST(ModelFile, gives_back_every_field) {
  const RoleModel model = small_model();
  const std::string bytes = write_model(model);
  const auto read = read_model(as_bytes(bytes));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->role, model.role);
  ASSERT_EQ(read->metrics.size(), model.metrics.size());
  for (std::size_t d = 0; d < model.metrics.size(); ++d) {
    EXPECT_EQ(read->metrics[d].name, model.metrics[d].name);
    EXPECT_EQ(read->metrics[d].unit, model.metrics[d].unit);
    EXPECT_EQ(read->metrics[d].tolerance, model.metrics[d].tolerance);
    EXPECT_EQ(read->metrics[d].tolerance_source, model.metrics[d].tolerance_source);
    EXPECT_EQ(read->metrics[d].transform, model.metrics[d].transform);
    EXPECT_EQ(read->metrics[d].detection_direction, model.metrics[d].detection_direction);
    EXPECT_EQ(read->metrics[d].center_by_host, model.metrics[d].center_by_host);
    EXPECT_EQ(read->metrics[d].non_negative, model.metrics[d].non_negative);
    EXPECT_EQ(read->metrics[d].kind, model.metrics[d].kind);
    EXPECT_EQ(read->metrics[d].blame_scale, model.metrics[d].blame_scale);
    EXPECT_TRUE(
        read->metrics[d].full_scale == model.metrics[d].full_scale ||
        (std::isnan(read->metrics[d].full_scale) && std::isnan(model.metrics[d].full_scale)));
  }
  EXPECT_EQ(read->weights, model.weights);
  EXPECT_EQ(read->means, model.means);
  EXPECT_EQ(read->unclipped_covariances, read->covariances);
  ASSERT_EQ(read->state_times.size(), model.state_times.size());
  for (std::size_t k = 0; k < model.state_times.size(); ++k) {
    EXPECT_EQ(read->state_times[k].by_hour, model.state_times[k].by_hour);
    EXPECT_EQ(read->state_times[k].by_weekday, model.state_times[k].by_weekday);
  }
  for (std::size_t k = 0; k < model.covariances.size(); ++k) {
    EXPECT_TRUE(read->covariances[k].isApprox(model.covariances[k], 1e-15));
  }
  EXPECT_EQ(read->calibration.ready, model.calibration.ready);
  EXPECT_EQ(read->calibration.typical_score, model.calibration.typical_score);
  EXPECT_EQ(read->calibration.memory_seconds, model.calibration.memory_seconds);
  EXPECT_EQ(read->calibration.interval_seconds, model.calibration.interval_seconds);
  EXPECT_EQ(read->calibration.span_host_days, model.calibration.span_host_days);
  ASSERT_EQ(read->calibration.curves.size(), model.calibration.curves.size());
  for (std::size_t n = 0; n < model.calibration.curves.size(); ++n) {
    const ReturnCurve& curve = model.calibration.curves[n];
    EXPECT_EQ(read->calibration.curves[n].alert_scores, curve.alert_scores);
    EXPECT_EQ(read->calibration.curves[n].log_return_times, curve.log_return_times);
    EXPECT_EQ(read->calibration.curves[n].slope, curve.slope);
  }
  ASSERT_EQ(read->calibration.history.size(), model.calibration.history.size());
  EXPECT_EQ(read->calibration.history[29].threshold_low, 1.5);
  EXPECT_EQ(read->calibration.history[29].threshold_high, 2.5);
  EXPECT_EQ(read->calibration.history[29].alerts, 3);
  EXPECT_EQ(read->alert_settings.warning, model.alert_settings.warning);
  EXPECT_EQ(read->alert_settings.critical, model.alert_settings.critical);
  EXPECT_EQ(read->alert_settings.max_check_attempts, model.alert_settings.max_check_attempts);
  EXPECT_EQ(read->provenance.version, model.provenance.version);
  EXPECT_EQ(read->provenance.config_digest, model.provenance.config_digest);
  EXPECT_EQ(read->provenance.from, model.provenance.from);
  EXPECT_EQ(read->provenance.to, model.provenance.to);
  EXPECT_EQ(read->provenance.rows, model.provenance.rows);
  EXPECT_EQ(read->provenance.hosts, model.provenance.hosts);
  EXPECT_EQ(read->provenance.seed, model.provenance.seed);
  EXPECT_EQ(read->model_id, hexadecimal(digest(bytes)));
}

TEST(ModelFile, gives_back_what_is_known_of_a_metric_besides) {
  const RoleModel read = read_model(as_bytes(write_model(small_model()))).value();
  const MetricSpec& metric = read.metrics[0];
  EXPECT_EQ(metric.usual_low, 2);
  EXPECT_EQ(metric.usual_high, 4);
  EXPECT_FALSE(metric.tail_below);
  ASSERT_TRUE(metric.tail_above);
  EXPECT_EQ(metric.tail_above->threshold, 2.5);
  EXPECT_EQ(metric.tail_above->spread, 1.5);
  EXPECT_EQ(metric.tail_above->shape, 0.25);
  EXPECT_EQ(metric.tail_above->scale, 2);
  ASSERT_EQ(read.constants.size(), 1U);
  EXPECT_EQ(read.constants[0].name, "swap.total");
  EXPECT_EQ(read.constants[0].unit, "bytes");
  EXPECT_EQ(read.constants[0].value, 5);
  EXPECT_EQ(read.constants[0].tolerance, 0.5);
  EXPECT_EQ(read.constants[0].detection_direction, DetectionDirection::kBelow);
  EXPECT_EQ(read.constants[0].kind, MetricKind::kCause);
  ASSERT_EQ(read.quiet.size(), 1U);
  EXPECT_EQ(read.quiet[0].from, small_model().quiet[0].from);
  EXPECT_EQ(read.quiet[0].to, small_model().quiet[0].to);
  ASSERT_EQ(read.quiet[0].offsets.size(), 2U);
  EXPECT_EQ(read.quiet[0].offsets[1].from, 100);
  EXPECT_EQ(read.quiet[0].offsets[1].seconds, -7200);
  EXPECT_EQ(read.quiet[0].hosts, std::vector<std::string>{"db-3"});
  EXPECT_EQ(read.quiet[0].metrics, std::vector<std::string>{"disk"});
}

TEST(ModelFile, of_a_model_that_knows_none_of_it_has_neutral_values) {
  Random random(4);
  const RoleModel read = read_model(as_bytes(write_model(random_model(random)))).value();
  EXPECT_EQ(read.metrics[0].kind, MetricKind::kNone);
  EXPECT_EQ(read.metrics[0].blame_scale, 1);
  EXPECT_TRUE(std::isnan(read.metrics[0].usual_low) && std::isnan(read.metrics[0].usual_high));
  EXPECT_FALSE(read.metrics[0].tail_below || read.metrics[0].tail_above);
  EXPECT_TRUE(read.constants.empty() && read.quiet.empty());
}

TEST(ModelFile, gives_the_same_bytes_for_the_same_model) {
  Random random(2);
  for (int i = 0; i < 30; ++i) {
    const std::string bytes = write_model(random_model(random));
    const auto read = read_model(as_bytes(bytes));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(write_model(*read), bytes);
  }
}

TEST(ModelFile, scores_after_loading_as_before_saving) {
  Random random(3);
  for (int i = 0; i < 30; ++i) {
    RoleModel model = random_model(random);
    for (Matrix& covariance : model.covariances) {
      covariance = covariance.selfadjointView<Eigen::Lower>();
    }
    const std::string bytes = write_model(model);
    auto before = Scorer::create(model);
    auto after = Scorer::create(read_model(as_bytes(bytes)).value());
    for (int j = 0; j < 10; ++j) {
      const Vector values = with_gaps(random, random_values(random, model));
      const SampleScore a = before->score(values);
      const SampleScore b = after->score(values);
      EXPECT_EQ(std::memcmp(&a.anomaly_score, &b.anomaly_score, sizeof(double)), 0);
      EXPECT_EQ(std::memcmp(&a.completed_score, &b.completed_score, sizeof(double)), 0);
      EXPECT_EQ(a.state, b.state);
    }
  }
}

TEST(ModelFile, does_not_depend_on_where_its_bytes_lie) {
  const std::string bytes = write_model(small_model());
  for (std::size_t shift = 0; shift < 8; ++shift) {
    const std::string moved = std::string(shift, 'x') + bytes;
    EXPECT_TRUE(read_model(as_bytes(moved).subspan(shift))) << shift;
  }
}

TEST(ModelFile, keeps_names_in_any_language) {
  RoleModel model = small_model();
  model.metrics[0].name = "メモリ.使用率 <b>\"&,;\n";
  EXPECT_EQ(read_model(as_bytes(write_model(model)))->metrics[0].name, model.metrics[0].name);
}

TEST(ModelFile, is_refused_where_it_asks_for_too_much_work) {
  Random random(1);
  const std::string bytes = write_model(plain_model(random_parameters(random, 4, 12)));
  EXPECT_EQ(work_of(12, 4), 6912);
  EXPECT_TRUE(read_model(as_bytes(bytes), 6912));
  const auto refused = read_model(as_bytes(bytes), 6911);
  EXPECT_EQ(refused.error().code, ErrorCode::kTooLarge);
  EXPECT_EQ(refused.error().message,
            "model file: expected components x metrics^3 of at most 6911, got 4 x 12^3; train with "
            "fewer metrics");
  EXPECT_LE(work_of(128, 4), kMostWorkInBrowser);
  EXPECT_LE(work_of(64, 32), kMostWorkInBrowser);
  EXPECT_GT(work_of(128, 5), kMostWorkInBrowser);
}

// ---- the golden files

TEST(GoldenModelFile, is_read_and_written_byte_for_byte) {
  const std::string bytes = golden::read_bytes("model.rolemix");
  const auto model = read_model(as_bytes(bytes));
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(write_model(*model), bytes);
  const RoleModel expected = golden::role_model_of(golden::read("model.json").at("model"));
  EXPECT_EQ(write_model(expected), bytes);
}

TEST(GoldenModelFile, of_5_components_and_20_metrics_takes_at_most_24_kB) {
  const std::string bytes = golden::read_bytes("model.rolemix");
  const RoleModel model = read_model(as_bytes(bytes)).value();
  EXPECT_EQ(model.components(), 5);
  EXPECT_EQ(model.dimensions(), 20);
  EXPECT_EQ(model.unclipped_covariances.size(), 5U);
  EXPECT_LE(bytes.size(), 24000U);
}

TEST(GoldenModelFile, of_the_mixture_cases_hold_their_parameters) {
  const golden::Json file = golden::read("mixture.json");
  int models = 0;
  for (const golden::Json& entry : file.at("cases")) {
    if (entry.contains("model")) {
      const std::string bytes = golden::decode_base64(entry["model"].get<std::string>());
      const auto model = read_model(as_bytes(bytes));
      ASSERT_TRUE(model) << entry["name"] << ": " << model.error().message;
      EXPECT_EQ(model->weights, golden::vector_of(entry["weights"]));
      EXPECT_EQ(model->means, golden::matrix_of(entry["means"]));
      EXPECT_EQ(model->covariances, golden::symmetrics_of(entry["covariances"]));
      ++models;
    }
  }
  EXPECT_GE(models, 5);
}

// ---- damage

TEST(ModelFile, refuses_a_file_cut_off_anywhere) {
  const std::string bytes = write_model(small_model());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    expect_error(bytes.substr(0, size), ErrorCode::kBadFormat, "first " + std::to_string(size));
  }
  expect_error(bytes + '\0', ErrorCode::kBadFormat, "one byte more");
}

TEST(ModelFile, refuses_every_single_flipped_bit) {
  std::string bytes = write_model(small_model());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
      EXPECT_FALSE(read_model(as_bytes(bytes))) << "byte " << i << ", bit " << bit;
      bytes[i] = static_cast<char>(bytes[i] ^ (1 << bit));
    }
  }
  EXPECT_TRUE(read_model(as_bytes(bytes)));
}

TEST(ModelFile, refuses_a_file_cut_off_anywhere_though_its_digest_fits) {
  const std::string body = body_of(write_model(small_model()));
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(read_model(as_bytes(sealed(body.substr(0, size))))) << size;
  }
}

TEST(ModelFile, gives_an_error_or_a_model_that_works_when_a_flipped_bit_has_a_digest_that_fits) {
  std::string body = body_of(write_model(small_model()));
  for (std::size_t i = 0; i < body.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      body[i] = static_cast<char>(body[i] ^ (1 << bit));
      if (const auto model = read_model(as_bytes(sealed(body)))) {
        EXPECT_EQ(wrong_with(*model), "") << "byte " << i << ", bit " << bit;
      }
      body[i] = static_cast<char>(body[i] ^ (1 << bit));
    }
  }
}

TEST(ModelFile, refuses_what_is_something_else) {
  expect_error("", ErrorCode::kBadFormat, "nothing");
  expect_error(std::string(1000, '\0'), ErrorCode::kBadFormat, "zeros");
  expect_error(sealed(std::string(4, '\0') + "RLMX"), ErrorCode::kBadFormat, "identifier only");
  expect_error(sealed(std::string(4, '\xff') + "RLMX" + std::string(100, '\xff')),
               ErrorCode::kBadFormat, "offsets beyond the end");
}

// ---- hostile but well formed

template <typename T>
T number_at(const std::string& bytes, std::size_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

/// Where the root table keeps its field number `id` (FlatBuffers: the root's offset, its table's
/// distance to the vtable, the field's place in the table).
std::size_t field(const std::string& body, int id) {
  const auto root = number_at<std::uint32_t>(body, 0);
  const auto vtable = root - number_at<std::int32_t>(body, root);
  return root + number_at<std::uint16_t>(body, vtable + 4 + 2 * id);
}

TEST(ModelFile, refuses_other_versions) {
  std::string body = body_of(write_model(small_model()));
  const std::size_t version_field = field(body, 0);
  ASSERT_EQ(body[version_field], 3);
  for (const int version : {0, 2, 4, 255}) {
    body[version_field] = static_cast<char>(version);
    const std::string bytes = sealed(body);
    expect_error(bytes, ErrorCode::kUnsupportedVersion, std::to_string(version));
    const std::string message = read_model(as_bytes(bytes)).error().message;
    EXPECT_NE(message.find("version " + std::to_string(version)), std::string::npos) << message;
  }
}

TEST(ModelFile, reads_numbers_that_are_not_aligned) {
  // The same weights once more behind everything else, four bytes away from where they belong.
  std::string body = body_of(write_model(small_model()));
  const std::size_t weights_field = field(body, 3);
  const std::size_t weights = weights_field + number_at<std::uint32_t>(body, weights_field);
  const std::size_t bytes = 4 + 8 * number_at<std::uint32_t>(body, weights);
  body.resize((body.size() + 7) / 8 * 8);
  const auto offset = static_cast<std::uint32_t>(body.size() - weights_field);
  body += body.substr(weights, bytes);
  std::memcpy(body.data() + weights_field, &offset, sizeof offset);
  const auto model = read_model(as_bytes(sealed(body)));
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->weights, small_model().weights);
}

class HostileModel : public testing::Test {
 protected:
  /// write_model checks nothing: what is wrong in the model is wrong in a file with a right digest.
  void expect_refused(const RoleModel& model, ErrorCode code, const std::string& what) {
    expect_error(write_model(model), code, what);
  }

  RoleModel model_ = small_model();
  Index components_ = model_.components();
  Index dimensions_ = model_.dimensions();
};

TEST_F(HostileModel, sizes_that_do_not_fit) {
  RoleModel model = model_;
  model.weights = Vector::Constant(components_ + 1, 1.0 / static_cast<double>(components_ + 1));
  expect_refused(model, ErrorCode::kShapeMismatch, "a weight too many");
  model = model_;
  model.weights.resize(0);
  expect_refused(model, ErrorCode::kShapeMismatch, "no component");
  model = model_;
  model.weights.setZero(kMaxComponents + 1);
  expect_refused(model, ErrorCode::kShapeMismatch, "65 components");
  model = model_;
  model.means.conservativeResize(components_, dimensions_ + 1);
  expect_refused(model, ErrorCode::kShapeMismatch, "means too wide");
  model = model_;
  model.covariances.pop_back();
  expect_refused(model, ErrorCode::kShapeMismatch, "a covariance too few");
  model = model_;
  model.unclipped_covariances.pop_back();
  if (!model.unclipped_covariances.empty()) {
    expect_refused(model, ErrorCode::kShapeMismatch, "an unclipped covariance too few");
  }
  model = model_;
  model.metrics.clear();
  expect_refused(model, ErrorCode::kShapeMismatch, "no metric");
  model = model_;
  model.metrics.push_back(model.metrics.back());
  model.metrics.back().name = "another";
  expect_refused(model, ErrorCode::kShapeMismatch, "a metric too many");
  model.metrics.assign(1000, MetricSpec{});
  expect_refused(model, ErrorCode::kShapeMismatch, "a thousand metrics");
}

TEST_F(HostileModel, numbers_that_mean_nothing) {
  for (const double wrong : {kNaN, kInfinity, -kInfinity}) {
    RoleModel model = model_;
    model.weights[0] = wrong;
    expect_refused(model, ErrorCode::kNotFinite, "weight");
    model = model_;
    model.means(0, 0) = wrong;
    expect_refused(model, ErrorCode::kNotFinite, "mean");
    model = model_;
    model.covariances[0](0, 0) = wrong;
    expect_refused(model, ErrorCode::kNotFinite, "covariance");
    model = model_;
    model.unclipped_covariances[0](0, 0) = wrong;
    expect_refused(model, ErrorCode::kNotFinite, "unclipped covariance");
    model = model_;
    model.metrics[0].tolerance = wrong;
    expect_refused(model, ErrorCode::kInvalidArgument, "tolerance");
    model = model_;
    model.calibration.typical_score = wrong;
    expect_refused(model, ErrorCode::kNotFinite, "typical score");
    model = model_;
    model.calibration.curves[3].slope = wrong;
    expect_refused(model, ErrorCode::kNotFinite, "curve");
    model = model_;
    model.metrics[0].tail_above->scale = wrong;
    expect_refused(model, ErrorCode::kInvalidArgument, "tail");
    model = model_;
    model.constants[0].value = wrong;
    expect_refused(model, ErrorCode::kInvalidArgument, "constant");
    model = model_;
    model.quiet[0].from[2] = wrong;
    expect_refused(model, ErrorCode::kInvalidArgument, "quiet time");
    model = model_;
    model.provenance.from = wrong;
    expect_refused(model, ErrorCode::kNotFinite, "provenance");
  }
}

TEST_F(HostileModel, covariances_that_are_not_positive_definite) {
  RoleModel model = model_;
  model.covariances[0](0, 0) = -1;
  expect_refused(model, ErrorCode::kNotPositiveDefinite, "negative variance");
  model = model_;
  model.covariances[0].setZero();
  expect_refused(model, ErrorCode::kNotPositiveDefinite, "zero");
  ASSERT_GE(dimensions_, 2);
  model = model_;
  model.covariances[0].setOnes();
  expect_refused(model, ErrorCode::kNotPositiveDefinite, "singular");
}

TEST_F(HostileModel, names_and_texts_that_cannot_be) {
  ASSERT_GE(dimensions_, 2);
  RoleModel model = model_;
  model.metrics[1].name = model.metrics[0].name;
  expect_refused(model, ErrorCode::kInvalidArgument, "a name twice");
  model = model_;
  model.metrics[1].name.clear();
  expect_refused(model, ErrorCode::kInvalidArgument, "no name");
  model = model_;
  model.metrics[1].tolerance_source.assign(kLongestText + 1, 'x');
  expect_refused(model, ErrorCode::kBadFormat, "a long text");
  model = model_;
  model.metrics[1].name = "cpu\xff";
  expect_refused(model, ErrorCode::kBadFormat, "a name that is not UTF-8");
  model = model_;
  model.calibration.not_ready_reason = "\xc3";
  expect_refused(model, ErrorCode::kBadFormat, "a reason that is not UTF-8");
  model = model_;
  model.provenance.version = "\xed\xa0\x80";
  expect_refused(model, ErrorCode::kBadFormat, "a version that is not UTF-8");
  model = model_;
  model.role = "../../etc";
  expect_refused(model, ErrorCode::kInvalidArgument, "role");
}

TEST_F(HostileModel, enumerations_beyond_their_last_value) {
  RoleModel model = model_;
  model.metrics[0].transform = static_cast<Transform>(3);
  expect_refused(model, ErrorCode::kBadFormat, "transform");
  model = model_;
  model.metrics[0].detection_direction = static_cast<DetectionDirection>(200);
  expect_refused(model, ErrorCode::kBadFormat, "detection_direction");
  model = model_;
  model.metrics[0].kind = static_cast<MetricKind>(3);
  expect_refused(model, ErrorCode::kBadFormat, "kind");
  model = model_;
  model.alert_settings.warning = static_cast<Sensitivity>(3);
  expect_refused(model, ErrorCode::kBadFormat, "warning");
  model = model_;
  model.alert_settings.critical = static_cast<Sensitivity>(255);
  expect_refused(model, ErrorCode::kBadFormat, "critical");
}

TEST_F(HostileModel, settings_out_of_range) {
  RoleModel model = model_;
  model.alert_settings.max_check_attempts = 0;
  expect_refused(model, ErrorCode::kInvalidArgument, "attempts");
  model = model_;
  model.calibration.curves.clear();
  expect_refused(model, ErrorCode::kShapeMismatch, "curves");
  model = model_;
  model.calibration.curves[2].log_return_times.pop_back();
  expect_refused(model, ErrorCode::kShapeMismatch, "knots");
  model = model_;
  model.metrics[0].usual_high = 1;
  expect_refused(model, ErrorCode::kInvalidArgument, "a usual range upside down");
  model = model_;
  model.constants.push_back(model.constants[0]);
  expect_refused(model, ErrorCode::kInvalidArgument, "a constant twice");
  model = model_;
  model.constants[0].name = model.metrics[0].name;
  expect_refused(model, ErrorCode::kInvalidArgument, "a constant that is a metric");
  model = model_;
  model.quiet[0].to[0] = 172801;
  expect_refused(model, ErrorCode::kInvalidArgument, "a quiet time of more than two days");
  model = model_;
  model.quiet[0].offsets[1].from = 0;
  expect_refused(model, ErrorCode::kInvalidArgument, "offsets out of order");
  model = model_;
  model.quiet[0].hosts = {""};
  expect_refused(model, ErrorCode::kInvalidArgument, "a host without a name");
  model = model_;
  model.quiet.assign(257, model.quiet[0]);
  expect_refused(model, ErrorCode::kShapeMismatch, "257 quiet times");
}

}  // namespace
}  // namespace rolemix
