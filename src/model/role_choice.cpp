#include "model/role_choice.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

namespace rolemix {
namespace {

constexpr double kEnough = .5;  // of a model's metrics: less is another role that shares a few

/// Which of a table's metrics have a value, and which hosts a row.
class Measured {
 public:
  explicit Measured(const TableView& table)
      : table_(table),
        present_(table.hosts.size()),
        has_(table.metrics.size(), std::vector<bool>(table.hosts.size())) {
    for (Index row = 0; row < table.rows(); ++row) {
      const std::int32_t host = table.host[static_cast<std::size_t>(row)];
      present_[host] = true;
      for (std::size_t d = 0; d < has_.size(); ++d) {
        if (std::isfinite(table.values(row, static_cast<Index>(d)))) {
          has_[d][host] = true;
        }
      }
    }
  }

  bool is_present(std::size_t host) const { return present_[host]; }

  /// How many of the metrics have a value of the host.
  int count(const std::vector<std::string>& metrics, std::size_t host) const {
    int count = 0;
    for (std::size_t d = 0; d < has_.size(); ++d) {
      count +=
          has_[d][host] && std::ranges::find(metrics, table_.metrics[d]) != metrics.end() ? 1 : 0;
    }
    return count;
  }

 private:
  const TableView& table_;
  std::vector<bool> present_;
  std::vector<std::vector<bool>> has_;  // by metric of the table, then host
};

/// How well a host fits a role.
struct Fit {
  std::size_t role = 0;
  int count = 0;     // metrics of the model that the host has
  double share = 0;  // of the model's metrics
};

bool is_ahead(const Fit& a, const Fit& b) {
  return a.count >= b.count && a.share >= b.share && (a.count > b.count || a.share > b.share);
}

/// Those that no other is ahead of, of at least the share.
std::vector<std::size_t> best_roles(std::vector<Fit> fits, double least) {
  std::erase_if(fits, [&](const Fit& fit) { return fit.share < least; });
  std::vector<std::size_t> best;
  for (const Fit& fit : fits) {
    if (std::ranges::none_of(fits, [&](const Fit& other) { return is_ahead(other, fit); })) {
      best.push_back(fit.role);
    }
  }
  return best;
}

void add_ambiguous(const std::string& host, std::vector<std::size_t> roles, RoleChoice& choice) {
  for (AmbiguousHosts& known : choice.ambiguous) {
    if (known.roles == roles) {
      known.hosts.push_back(host);
      return;
    }
  }
  choice.ambiguous.push_back({{host}, std::move(roles)});
}

}  // namespace

RoleChoice choose_roles(const std::vector<RoleCandidate>& candidates, const TableView& table) {
  const Measured measured(table);
  RoleChoice choice;
  choice.hosts.resize(candidates.size());
  std::vector<std::vector<Fit>> fits(table.hosts.size());  // empty: not asked for
  double least = 0;
  for (std::size_t host = 0; host < table.hosts.size(); ++host) {
    if (!measured.is_present(host)) {
      continue;
    }
    bool is_named = false;
    for (std::size_t role = 0; role < candidates.size(); ++role) {
      const auto& hosts = candidates[role].hosts;
      if (hosts && std::ranges::find(*hosts, table.hosts[host]) != hosts->end()) {
        choice.hosts[role].push_back(table.hosts[host]);
        is_named = true;
      }
    }
    for (std::size_t role = 0; role < candidates.size() && !is_named; ++role) {
      const auto& [metrics, hosts] = candidates[role];
      if (!hosts) {
        const int count = measured.count(metrics, host);
        const double share = metrics.empty() ? 0 : count / static_cast<double>(metrics.size());
        fits[host].push_back({role, count, share});
        least = share >= kEnough ? kEnough : least;
      }
    }
  }
  for (std::size_t host = 0; host < table.hosts.size(); ++host) {
    if (fits[host].empty()) {
      continue;
    }
    auto best = best_roles(std::move(fits[host]), least);
    for (const std::size_t role : best) {
      choice.hosts[role].push_back(table.hosts[host]);
    }
    if (best.empty()) {
      choice.left_out.push_back(table.hosts[host]);
    } else if (best.size() > 1) {
      add_ambiguous(table.hosts[host], std::move(best), choice);
    }
  }
  return choice;
}

}  // namespace rolemix
