#include "say/sentence.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "base/escape.h"
#include "model/random_model.h"
#include "text/format.h"

namespace rolemix {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kGiB = 1024.0 * 1024 * 1024;

/// 2026-10-12 03:05:59 UTC
constexpr double kNight = 1791774359;

constexpr Language kBothLanguages[] = {Language::kEnglish, Language::kJapanese};

MetricSpec spec(const std::string& name, const std::string& unit) {
  MetricSpec result;
  result.name = name;
  result.unit = unit;
  return result;
}

/// cpu.user.pct, which is most to blame, and requests.rate.
struct Situation {
  RoleModel model;
  Explanation explanation;

  MetricExplanation& cpu() { return explanation.metrics[0]; }
  MetricExplanation& requests() { return explanation.metrics[1]; }

  std::string english(const std::vector<std::string>& predictors = {}) const {
    return told(predictors, Language::kEnglish);
  }
  std::string japanese(const std::vector<std::string>& predictors = {}) const {
    return told(predictors, Language::kJapanese);
  }

 private:
  std::string told(const std::vector<std::string>& predictors, Language language) const {
    Finding finding = finding_of(explanation, std::nullopt);
    RoleModel with_predictors = model;
    for (const std::string& name : predictors) {
      finding.predictors.push_back(static_cast<int>(with_predictors.metrics.size()));
      with_predictors.metrics.push_back(spec(name, ""));
    }
    return sentence(with_predictors, finding, language);
  }
};

Situation situation(Reason reason, double observed, const ValueRange& typical,
                    const ValueRange& predicted) {
  Situation result;
  result.model.metrics = {spec("cpu.user.pct", "percent"), spec("requests.rate", "1/s")};
  result.explanation.metrics.resize(2);
  result.explanation.ranking = {0, 1};
  MetricExplanation& cpu = result.cpu();
  cpu.observed = observed;
  cpu.low = predicted.low;
  cpu.high = predicted.high;
  cpu.typical_low = typical.low;
  cpu.typical_high = typical.high;
  cpu.reason = reason;
  cpu.blame = 0.9;
  return result;
}

// ---- of a sample

TEST(Sentence, of_a_value_that_the_other_metrics_do_not_predict) {
  const Situation broken = situation(Reason::kUnusualGivenOthers, 62, {10, 70}, {17, 22});
  EXPECT_EQ(broken.english(),
            "cpu.user.pct is 62 %: within its usual 10-70 %, but the other metrics predict "
            "17-22 %.");
  EXPECT_EQ(broken.japanese(),
            "cpu.user.pct は 62 %です。普段の範囲 10〜70 %には収まっていますが、"
            "ほかのメトリックから予測される範囲は 17〜22 %です。");
}

TEST(Sentence, names_the_metrics_that_mainly_predict) {
  const Situation broken = situation(Reason::kUnusualGivenOthers, 62, {10, 70}, {17, 22});
  EXPECT_EQ(broken.english({"requests.rate"}),
            "cpu.user.pct is 62 %: within its usual 10-70 %, but the other metrics, above all "
            "requests.rate, predict 17-22 %.");
  EXPECT_EQ(broken.english({"requests.rate", "interface.rx.bytes"}),
            "cpu.user.pct is 62 %: within its usual 10-70 %, but the other metrics, above all "
            "requests.rate and interface.rx.bytes, predict 17-22 %.");
  EXPECT_EQ(broken.english({"a", "b", "c"}),
            "cpu.user.pct is 62 %: within its usual 10-70 %, but the other metrics, above all "
            "a, b and c, predict 17-22 %.");
  EXPECT_EQ(broken.japanese({"requests.rate"}),
            "cpu.user.pct は 62 %です。普段の範囲 10〜70 %には収まっていますが、"
            "ほかのメトリック(主に requests.rate)から予測される範囲は 17〜22 %です。");
  EXPECT_EQ(broken.japanese({"requests.rate", "interface.rx.bytes"}),
            "cpu.user.pct は 62 %です。普段の範囲 10〜70 %には収まっていますが、"
            "ほかのメトリック(主に requests.rate と interface.rx.bytes)から予測される範囲は "
            "17〜22 %です。");
  EXPECT_EQ(broken.japanese({"a", "b", "c"}),
            "cpu.user.pct は 62 %です。普段の範囲 10〜70 %には収まっていますが、"
            "ほかのメトリック(主に a、b、c)から予測される範囲は 17〜22 %です。");
}

TEST(Sentence, of_a_value_that_is_unusual_together_with_the_others) {
  Situation busy =
      situation(Reason::kUnusualValue, 3 * kGiB, {0.5 * kGiB, 2 * kGiB}, {2.5 * kGiB, 3.5 * kGiB});
  busy.model.metrics[0] = spec("memory.used", "bytes");
  EXPECT_EQ(busy.english(),
            "memory.used is 3 GiB: outside its usual 0.5-2.0 GiB, though it goes with the other "
            "metrics, which predict 2.5-3.5 GiB.");
  EXPECT_EQ(busy.english({"requests.rate", "b"}),
            "memory.used is 3 GiB: outside its usual 0.5-2.0 GiB, though it goes with the other "
            "metrics, above all requests.rate and b, which predict 2.5-3.5 GiB.");
  EXPECT_EQ(busy.japanese(),
            "memory.used は 3 GiB です。普段の範囲 0.5〜2.0 GiB からは外れていますが、"
            "ほかのメトリックから予測される範囲 2.5〜3.5 GiB には収まっています。");
  EXPECT_EQ(busy.japanese({"requests.rate", "b"}),
            "memory.used は 3 GiB です。普段の範囲 0.5〜2.0 GiB からは外れていますが、"
            "ほかのメトリック(主に requests.rate と b)から予測される範囲 2.5〜3.5 GiB "
            "には収まっています。");
}

TEST(Sentence, of_a_value_that_is_unusual_in_both_views) {
  Situation broken = situation(Reason::kBoth, 1200, {100, 700}, {170, 220});
  broken.model.metrics[0] = spec("disk.reads.iops", "1/s");
  EXPECT_EQ(broken.english(),
            "disk.reads.iops is 1200 /s: outside its usual 100-700 /s, and the other metrics "
            "predict 170-220 /s.");
  EXPECT_EQ(broken.english({"a"}),
            "disk.reads.iops is 1200 /s: outside its usual 100-700 /s, and the other metrics, "
            "above all a, predict 170-220 /s.");
  EXPECT_EQ(broken.japanese(),
            "disk.reads.iops は 1200 /s です。普段の範囲 100〜700 /s から外れており、"
            "ほかのメトリックから予測される範囲 170〜220 /s からも外れています。");
  EXPECT_EQ(broken.japanese({"a"}),
            "disk.reads.iops は 1200 /s です。普段の範囲 100〜700 /s から外れており、"
            "ほかのメトリック(主に a)から予測される範囲 170〜220 /s からも外れています。");
}

TEST(Sentence, does_not_speak_of_other_metrics_where_none_was_measured) {
  Situation alone = situation(Reason::kBoth, 95, {10, 70}, {10, 70});
  alone.requests().surprise = kNaN;
  EXPECT_EQ(alone.english({"requests.rate"}), "cpu.user.pct is 95 %: outside its usual 10-70 %.");
  EXPECT_EQ(alone.japanese({"requests.rate"}),
            "cpu.user.pct は 95 %です。普段の範囲 10〜70 %から外れています。");
}

TEST(Sentence, of_a_sample_without_a_metric_outside_its_range) {
  const Situation usual = situation(Reason::kNone, 62, {10, 70}, {17, 80});
  EXPECT_EQ(usual.english({"requests.rate"}),
            "No single metric is outside its range; cpu.user.pct, at 62 %, differs most.");
  EXPECT_EQ(usual.japanese({"requests.rate"}),
            "単独で範囲から外れているメトリックはありません。"
            "最も差が大きいのは cpu.user.pct (62 %)です。");
}

TEST(Sentence, of_a_sample_outside_a_range_on_the_ignored_side) {
  Situation low = situation(Reason::kBoth, 2, {10, 70}, {17, 80});
  low.cpu().blame = 0;
  EXPECT_EQ(low.english(),
            "No metric is outside its range on the side that is watched; cpu.user.pct, at 2 %, "
            "differs most.");
  EXPECT_EQ(low.japanese(),
            "検知の対象となる方向に外れているメトリックはありません。"
            "最も差が大きいのは cpu.user.pct (2 %)です。");
}

TEST(Sentence, of_a_sample_without_values) {
  Situation nothing = situation(Reason::kNone, kNaN, {10, 70}, {17, 80});
  nothing.cpu().surprise = nothing.requests().surprise = kNaN;
  nothing.requests().observed = kNaN;
  EXPECT_EQ(nothing.english(), "No metric was measured.");
  EXPECT_EQ(nothing.japanese(), "測定値のあるメトリックがありません。");
  nothing.requests().observed = 3;
  EXPECT_EQ(nothing.english(), "No metric has a level yet.");
  EXPECT_EQ(nothing.japanese(),
            "このホストの普段の水準がまだわからないため、判定できるメトリックがありません。");
}

TEST(Sentence, is_true_of_values_next_to_a_range) {
  EXPECT_EQ(situation(Reason::kUnusualValue, 70.04, {10, 70}, {17, 80}).english(),
            "cpu.user.pct is 70.04 %: outside its usual 10-70 %, though it goes with the other "
            "metrics, which predict 17-80 %.");
  EXPECT_EQ(situation(Reason::kUnusualGivenOthers, 22, {10, 70}, {17, 21.98}).english(),
            "cpu.user.pct is 22 %: within its usual 10-70 %, but the other metrics predict "
            "17.00-21.98 %.");
  Situation slow = situation(Reason::kBoth, 90, {100, 250 * kGiB}, {110, 2 * kGiB});
  slow.model.metrics[0].unit = "bytes/s";
  EXPECT_EQ(slow.english(),
            "cpu.user.pct is 90 B/s: outside its usual 100 B/s to 250 GiB/s, and the other "
            "metrics predict 110 B/s to 2 GiB/s.");
  EXPECT_EQ(slow.japanese(),
            "cpu.user.pct は 90 B/s です。普段の範囲 100 B/s〜250 GiB/s から外れており、"
            "ほかのメトリックから予測される範囲 110 B/s〜2 GiB/s からも外れています。");
}

TEST(Sentence, leaves_names_and_units_as_they_are) {
  const std::string odd = "a{value} {usual}%\"<b>\\、\n日本語 {";
  Situation broken = situation(Reason::kUnusualGivenOthers, 62, {10, 70}, {17, 22});
  broken.model.metrics[0] = spec(odd, "{unit}");
  EXPECT_EQ(broken.english({odd, "%"}),
            odd +
                " is 62 {unit}: within its usual 10-70 {unit}, but the other metrics, above all " +
                odd + " and %, predict 17-22 {unit}.");
  EXPECT_EQ(broken.japanese({odd, "{}"}),
            odd +
                " は 62 {unit} です。普段の範囲 10〜70 {unit} には収まっていますが、"
                "ほかのメトリック(主に " +
                odd + " と {})から予測される範囲は 17〜22 {unit} です。");
}

// ---- of an alert

/// Of three hosts, web3 the worst, whose first metric is load1.
Alert alert_of(AlertScope scope) {
  FoundMetric load{.metric = 0, .observed = 9, .typical_high = 2};
  load.reason = Reason::kUnusualValue;
  Alert alert;
  alert.scope = scope;
  alert.hosts = {"web1", "web2", "web3"};
  alert.worst_host = "web3";
  alert.finding = Finding{FindingKind::kOutside, {load}, {}, true};
  return alert;
}

RoleModel load_model() {
  RoleModel model;
  model.metrics = {spec("load1", "")};
  return model;
}

TEST(AlertSentence, of_a_host_is_that_of_its_worst_sample) {
  EXPECT_EQ(sentence(load_model(), alert_of(AlertScope::kHost)),
            "load1 is 9: outside its usual 0-2.");
}

TEST(AlertSentence, of_a_role_says_how_many_hosts_and_what_is_wrong_with_the_worst) {
  EXPECT_EQ(sentence(load_model(), alert_of(AlertScope::kRole)),
            "3 hosts at once, most of all web3: load1 is 9: outside its usual 0-2.");
  EXPECT_EQ(sentence(load_model(), alert_of(AlertScope::kRole), Language::kJapanese),
            "3 台のホストで同時に異常が見られます。最も顕著なのは web3 です。load1 は 9 "
            "です。普段の範囲 0〜2 から外れています。");
}

TEST(AlertSentence, ends_with_the_host_where_nothing_is_known_of_it) {
  Alert alert = alert_of(AlertScope::kRole);
  alert.finding.reset();
  EXPECT_EQ(sentence(load_model(), alert), "3 hosts at once, most of all web3.");
  EXPECT_EQ(sentence(load_model(), alert, Language::kJapanese),
            "3 台のホストで同時に異常が見られます。最も顕著なのは web3 です。");
  alert.scope = AlertScope::kHost;
  EXPECT_EQ(sentence(load_model(), alert), "");
}

TEST(LeftFirstSentence, names_the_metrics_and_the_time) {
  const std::vector<std::string> one = {"disk.util.pct"};
  EXPECT_EQ(left_first_sentence(one, kNight),
            "disk.util.pct left its range first, at 2026-10-12 03:05 UTC.");
  EXPECT_EQ(left_first_sentence(one, kNight, Language::kJapanese),
            "最初に範囲から外れたのは disk.util.pct です(2026-10-12 03:05 UTC)。");
  const std::vector<std::string> two = {"disk.util.pct", "load1"};
  EXPECT_EQ(left_first_sentence(two, kNight),
            "disk.util.pct and load1 left their ranges first, at 2026-10-12 03:05 UTC.");
  EXPECT_EQ(left_first_sentence(two, kNight, Language::kJapanese),
            "最初に範囲から外れたのは disk.util.pct と load1 です(2026-10-12 03:05 UTC)。");
}

TEST(ChangedSentence, says_what_it_compares_with) {
  const auto changed = [](Before when, Language language) {
    return changed_sentence("disk.util.pct", "percent", 11, 34.6, when, language);
  };
  EXPECT_EQ(changed(Before::kSameHour, Language::kEnglish),
            "disk.util.pct was 11 % at this hour of the days before, 34.6 % now.");
  EXPECT_EQ(changed(Before::kHourBefore, Language::kEnglish),
            "disk.util.pct was 11 % in the hour before, 34.6 % now.");
  EXPECT_EQ(changed(Before::kSameHour, Language::kJapanese),
            "disk.util.pct は、前日までの同じ時間帯では 11 %でしたが、現在は 34.6 %です。");
  EXPECT_EQ(changed(Before::kHourBefore, Language::kJapanese),
            "disk.util.pct は、直前の 1 時間では 11 %でしたが、現在は 34.6 %です。");
  EXPECT_EQ(changed_sentence("memory.used", "bytes", kGiB, 3 * kGiB, Before::kHourBefore,
                             Language::kJapanese),
            "memory.used は、直前の 1 時間では 1 GiB でしたが、現在は 3 GiB です。");
}

TEST(ChangedSentence, shows_a_small_change) {
  EXPECT_EQ(changed_sentence("disk.util.pct", "percent", 34.61, 34.64, Before::kHourBefore),
            "disk.util.pct was 34.61 % in the hour before, 34.64 % now.");
}

TEST(ChangedSentence, says_when_nothing_changed) {
  const auto same = [](Before when, Language language) {
    return changed_sentence("disk.util.pct", "percent", 11, 11, when, language);
  };
  EXPECT_EQ(same(Before::kSameHour, Language::kEnglish),
            "disk.util.pct is 11 %, as at this hour of the days before.");
  EXPECT_EQ(same(Before::kHourBefore, Language::kEnglish),
            "disk.util.pct is 11 %, as in the hour before.");
  EXPECT_EQ(same(Before::kSameHour, Language::kJapanese),
            "disk.util.pct は 11 %で、前日までの同じ時間帯と変わりません。");
  EXPECT_EQ(same(Before::kHourBefore, Language::kJapanese),
            "disk.util.pct は 11 %で、直前の 1 時間と変わりません。");
}

TEST(PeersSentence, says_where_the_others_are) {
  EXPECT_EQ(peers_sentence(11, 0.9, 1.4, "1/s"),
            "The other 11 hosts of the role are at 0.9-1.4 /s.");
  EXPECT_EQ(peers_sentence(1, 12, 12, "percent"), "The other host of the role is at 12 %.");
  EXPECT_EQ(peers_sentence(3, 0, 0, ""), "The other 3 hosts of the role are at 0.");
  EXPECT_EQ(peers_sentence(0, kNaN, kNaN, ""), "");
  EXPECT_EQ(peers_sentence(11, 0.9, 1.4, "1/s", Language::kJapanese),
            "ロール内のほかの 11 台では 0.9〜1.4 /s です。");
  EXPECT_EQ(peers_sentence(1, 12, 12, "percent", Language::kJapanese),
            "ロール内のほかの 1 台では 12 %です。");
}

TEST(OthersSentence, says_whether_the_host_is_alone) {
  EXPECT_EQ(others_sentence(1, 12), "No other host of the role is unusual at that time.");
  EXPECT_EQ(others_sentence(3, 12), "3 of 12 hosts of the role are unusual at that time.");
  EXPECT_EQ(others_sentence(12, 12), "All 12 hosts of the role are unusual at that time.");
  EXPECT_EQ(others_sentence(1, 1), "No other host of the role was measured at that time.");
  EXPECT_EQ(others_sentence(1, 12, Language::kJapanese),
            "この時刻に、ロール内のほかのホストには異常は見られません。");
  EXPECT_EQ(others_sentence(3, 12, Language::kJapanese),
            "この時刻に、ロール内のホスト 12 台のうち 3 台で異常が見られます。");
  EXPECT_EQ(others_sentence(12, 12, Language::kJapanese),
            "この時刻に、ロール内のホスト 12 台すべてで異常が見られます。");
  EXPECT_EQ(others_sentence(1, 1, Language::kJapanese),
            "この時刻に測定値があるのは、ロール内でこのホストだけです。");
}

TEST(RemedySentence, says_what_would_be_normal) {
  const std::array<WantedValue, 3> values = {
      {{"disk.util.pct", "percent", 12}, {"disk.reads.iops", "1/s", 40}, {"load1", "", 0.5}}};
  const auto first = [&](std::size_t count, Language language) {
    return remedy_sentence(std::span(values).first(count), language);
  };
  EXPECT_EQ(first(1, Language::kEnglish), "It would be normal if disk.util.pct were 12 %.");
  EXPECT_EQ(first(2, Language::kEnglish),
            "It would be normal if disk.util.pct were 12 % and disk.reads.iops 40 /s.");
  EXPECT_EQ(first(3, Language::kEnglish),
            "It would be normal if disk.util.pct were 12 %, disk.reads.iops 40 /s and load1 0.5.");
  EXPECT_EQ(first(1, Language::kJapanese), "disk.util.pct が 12 %であれば正常です。");
  EXPECT_EQ(first(2, Language::kJapanese),
            "disk.util.pct が 12 %、disk.reads.iops が 40 /s であれば正常です。");
  EXPECT_EQ(first(3, Language::kJapanese),
            "disk.util.pct が 12 %、disk.reads.iops が 40 /s、load1 が 0.5 であれば正常です。");
}

TEST(MovesWith, lists_metrics) {
  const std::vector<std::string> metrics = {"a", "b", "c"};
  EXPECT_EQ(moves_with(metrics), "Move together: a, b, c");
  EXPECT_EQ(moves_with(metrics, Language::kJapanese), "連動するメトリック: a、b、c");
}

TEST(AlertSentences, are_empty_without_anything_to_say) {
  for (const Language language : kBothLanguages) {
    EXPECT_EQ(left_first_sentence({}, kNight, language), "");
    EXPECT_EQ(changed_sentence("a", "", kNaN, 1, Before::kSameHour, language), "");
    EXPECT_EQ(changed_sentence("a", "", 1, kNaN, Before::kSameHour, language), "");
    EXPECT_EQ(remedy_sentence({}, language), "");
    EXPECT_EQ(moves_with({}, language), "");
  }
}

// ---- of random samples

TEST(Sentence, is_whole_in_every_language) {
  Random random(1);
  for (int i = 0; i < 200; ++i) {
    const RoleModel model = random_model(random);
    const Vector values = with_gaps(random, random_values(random, model));
    Scorer scorer = Scorer::create(model).value();
    const Explanation explanation = Explainer(scorer).explain(values);
    const Finding finding = finding_of(explanation, std::nullopt);
    Finding with_predictors = finding;
    with_predictors.predictors = {0, 0};
    for (const Language language : kBothLanguages) {
      for (const std::string& text :
           {sentence(model, finding, language), sentence(model, with_predictors, language)}) {
        EXPECT_TRUE(is_utf8(text)) << text;
        EXPECT_EQ(text.find_first_of("{}"), std::string::npos) << text;
        EXPECT_TRUE(text.ends_with(language == Language::kEnglish ? "." : "。")) << text;
      }
    }
  }
}

}  // namespace
}  // namespace rolemix
