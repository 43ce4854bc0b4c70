// Column distributions and the timeline, bought from a vault by noisy histograms on public grids.
//
//   const MarginalPurchase purchase(vault.schema(), mu);
//   PrivateSession session(vault, {.purpose = "train independent", .events = purchase.events()}, context.seed);
//   const Released<PrivateMarginals> bought = purchase.buy(session);
//
// Every column, and the rows and gaps of the timeline, is a question with an equal share of mu^2. A subject deals a
// weight of 1 over its rows. Of a series column that may lack values the missing share is asked apart (a tenth of the column's),
// and the weight for the others is dealt over the rows that have a value: a column that is seldom measured would else be bought
// with the few hundredths of a weight that are left. Categories are one histogram. A number is two: a coarse one over at most 64 equal parts of
// its public interval (a fifth of the share), then a fine one whose parts were cut or joined so that each should hold
// three times its noise, with parts of their own for zero and for the timeline's calendar steps. Shares are the point of
// the simplex nearest to the noisy counts; the number of subjects is not used.
//
// Codes are two histograms: how many people have a cell (a tenth of the share), and how much weight each code has. A
// row's first max_codes codes each get the row's weight, so a person who comes or goes changes the counts by at most
// sqrt(max_codes) in L2 and max_codes in L1 norm (vault/mechanisms.h); the noise is scaled to the former. Shares are
// the point with no negative count and the same sum that is nearest to the noisy counts, divided by the people.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "encode/grid.h"
#include "encode/timeline.h"
#include "vault/session.h"

namespace understudy {

struct PrivateMarginals {
  std::vector<Marginal> statics, series;  // one per column of the schema; empty ones for id and text
  Timeline timeline;
};

class MarginalPurchase {
 public:
  // mu: Gaussian DP of the whole purchase. ErrorKind::input naming the first column without public bounds or categories,
  // or the lack of max_rows, and the cure; ErrorKind::usage for a codes column without max_codes.
  MarginalPurchase(const Schema& schema, double mu);

  std::vector<PrivacyEvent> events() const;  // in the order in which `buy` asks
  Released<PrivateMarginals> buy(PrivateSession& session) const;

 private:
  struct Question {
    std::string what;
    ColumnSpec spec;
    ColumnGrid grid;                     // of numbers
    std::vector<std::int64_t> atoms;     // cells of the grid that get a part of their own
    // Calls say(value) for each of the subject's values, none for a missing one.
    std::function<void(const Subject&, const std::function<void(std::optional<double>)>&)> values;
    PrivateSession::Ballot ballot;       // of codes, in place of values
    bool missing_apart = false;          // else a missing value, where there may be one, is a cell of its own
  };

  static bool has_missing_cell(const Question& question) { return question.spec.nullable && !question.missing_apart; }
  double mu_of_values(const Question& question) const;
  NoisyHistogram missing(const Question& question) const;
  NoisyHistogram coarse(const Question& question) const;  // of codes: the people who have a cell
  NoisyHistogram fine(const Question& question) const;
  Released<Marginal> ask(PrivateSession& session, const Question& question) const;
  Released<Marginal> ask_values(PrivateSession& session, const Question& question) const;
  Released<Marginal> ask_codes(PrivateSession& session, const Question& question) const;
  void add_columns(const std::vector<ColumnSpec>& specs, bool is_series);
  void add_timeline();

  Schema schema_;
  std::vector<Question> questions_;  // statics, series, rows of the timeline, gaps
  double question_mu_ = 0;
};

// One vote for each of a person's cells of the codes column, number `column` of the schema's statics or series: for its
// first `most_codes` codes. At most `most_rows` rows count.
PrivateSession::Ballot codes_ballot(std::size_t column, bool is_series, std::int64_t most_rows,
                                    std::int64_t most_codes);

// The point of {x >= 0, sum x = total} nearest to `counts` (Duchi et al. 2008). Equal shares when total <= 0.
std::vector<double> project_to_simplex(std::vector<double> counts, double total);

}  // namespace understudy
