#include "alert/alert_id.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "table/timestamp.h"

namespace rolemix {

std::string make_alert_id(std::string_view role, std::string_view host, double started_at) {
  constexpr double kMostSeconds = 1e15;  // whole numbers, far beyond any date
  const double whole = std::floor(std::clamp(started_at, -kMostSeconds, kMostSeconds));
  std::string time = timestamp_text(whole);
  if (time.empty()) {
    time = std::to_string(static_cast<std::int64_t>(whole));
  }
  return std::string(role) + (host.empty() ? "" : "/") + std::string(host) + '@' + time;
}

std::optional<NamedAlert> parse_alert_id(std::string_view role, std::string_view id) {
  const std::size_t at = id.rfind('@');
  if (at == std::string_view::npos) {
    return std::nullopt;
  }
  const std::optional<double> time = parse_timestamp(id.substr(at + 1));
  if (!time) {
    return std::nullopt;
  }
  std::string_view host = id.substr(0, at);
  if (host == role) {
    host = {};
  } else if (host.starts_with(role) && host.substr(role.size()).starts_with('/')) {
    host.remove_prefix(role.size() + 1);
  }
  return NamedAlert{std::string(host), *time};
}

const Alert* find_alert(std::string_view role, std::string_view id, std::span<const Alert> alerts) {
  constexpr double kNear = 3600;  // a host has one alert at a time, and few in an hour
  const auto same = std::ranges::find(alerts, id, &Alert::alert_id);
  if (same != alerts.end()) {
    return &*same;
  }
  const std::optional<NamedAlert> named = parse_alert_id(role, id);
  if (!named) {
    return nullptr;
  }
  const auto& [host, start] = *named;
  const Alert* nearest = nullptr;
  double least = kNear;
  for (const Alert& alert : alerts) {
    const bool about = host.empty() ? alert.scope == AlertScope::kRole
                                    : std::ranges::find(alert.hosts, host) != alert.hosts.end();
    const bool goes_on = !(start >= alert.closed_at);  // NaN: open
    const double away =
        alert.started_at <= start && goes_on ? 0 : std::abs(alert.started_at - start);
    // A host's own alert says more of it than the role's.
    const bool is_own = nearest != nullptr && alert.hosts.size() < nearest->hosts.size();
    if (about && (away < least || (away == least && is_own))) {
      nearest = &alert;
      least = away;
    }
  }
  return nearest;
}

}  // namespace rolemix
