// Buys what a schema does not know publicly: bounds of numbers, and which categories exist.
//
//   const SchemaPurchase purchase(vault.schema(), mu, delta);
//   PrivateSession session(vault, {.purpose = "buy a schema", .events = purchase.events()}, context.seed);
//   const Released<Schema> schema = purchase.buy(session);
//   const Vault bounded = vault.recoded(schema.value());
//
// A number: its power of two (a noisy histogram of each subject's largest magnitude), then two quantiles, of each
// subject's smallest value at 1/2 % and of its largest at 99 1/2 %. Categories: the ones that enough subjects have; all
// others become missing. Bounds and categories that the schema says were read off the data are not used for anything but
// reading the records.
#pragma once

#include <functional>
#include <vector>

#include "vault/session.h"

namespace understudy {

class SchemaPurchase {
 public:
  // mu: Gaussian DP of the whole purchase; delta: the sum of the thresholds' deltas. ErrorKind::input for a codes
  // column that is not public: codes cannot be bought.
  SchemaPurchase(const Schema& schema, double mu, double delta);

  bool empty() const { return wanted_.empty(); }  // everything is public
  std::vector<PrivacyEvent> events() const;
  // The schema with every column public; bought columns are marked, and nullable.
  Released<Schema> buy(PrivateSession& session) const;

 private:
  struct Wanted {
    std::size_t column = 0;  // of the schema
    std::size_t place = 0;   // in statics() or series()
    bool is_series = false;
  };
  std::vector<PrivacyEvent> events_at(double mu) const;
  const ColumnSpec& spec(const Wanted& wanted) const { return schema_.columns[wanted.column]; }
  // The mechanisms of a column, at `mu` for it.
  NoisyBounds power(const Wanted& wanted, double mu) const;
  NoisyQuantile end(const Wanted& wanted, bool upper, double mu) const;
  NoisyKeys categories(const Wanted& wanted, double mu) const;
  Released<ColumnSpec> buy_number(PrivateSession& session, const Wanted& wanted) const;
  Released<ColumnSpec> buy_categories(PrivateSession& session, const Wanted& wanted) const;

  Schema schema_;
  std::vector<Wanted> wanted_;
  double mu_ = 0;     // of one column
  double delta_ = 0;  // of one threshold
};

}  // namespace understudy
