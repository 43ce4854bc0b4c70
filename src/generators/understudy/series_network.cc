#include "generators/understudy/series_network.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "generators/understudy/chain_sampler.h"
#include "nn/row.h"
#include "understudy/error.h"

namespace understudy {
namespace {

std::vector<std::int64_t> word_starts(const std::vector<std::int32_t>& sizes) {
  std::vector<std::int64_t> starts = {0};
  for (const std::int32_t size : sizes) starts.push_back(starts.back() + size);
  return starts;
}

}  // namespace

at::Tensor initial_flat(const Chain& chain, std::span<const std::vector<double>> shares, Rng& rng) {
  std::vector<float> flat = chain.initial(shares, rng);
  return at::from_blob(flat.data(), {chain.parameters()}).clone();
}

struct SeriesNetwork::Batch {
  std::int64_t subjects = 0, steps = 0;
  at::Tensor words;                      // [subjects, steps, columns]: of the row before
  at::Tensor numbers;                    // [subjects, steps, statics + history]
  at::Tensor places;                     // [rows]: where each true row is among subjects x steps
  std::vector<std::int32_t> categories;  // [rows x columns], subject by subject
  at::Tensor fixed;                      // [rows, statics + those of History of the subject]
  std::vector<float> own;                // [rows x columns x those of History of a column]
  std::vector<std::int32_t> last, mean;  // [rows x columns]
  std::vector<std::int64_t> counts;      // rows of each subject
};

SeriesNetwork::SeriesNetwork(SeriesShape shape, std::span<const std::vector<double>> shares, Rng& rng)
    : shape_(std::move(shape)),
      chain_({.sizes = shape_.columns.sizes, .context = shape_.hidden + fixed(), .own = History::kOfColumn,
              .missing = shape_.columns.missing, .width = shape_.width}),
      word_at_(word_starts(shape_.columns.sizes)), words_(encoder_, "words", word_at_.back() + 1, shape_.embedding, rng),
      numbers_(encoder_, "numbers", shape_.statics + history(), shape_.embedding, rng),
      gru_(encoder_, "state", shape_.embedding, shape_.hidden, 1, rng),
      flat_(at::cat({encoder_.flat(), initial_flat(chain_, shares, rng)})) {}

at::Tensor SeriesNetwork::of_encoder(const at::Tensor& flat) const { return flat.narrow(0, 0, encoder_.size()); }
at::Tensor SeriesNetwork::of_chain(const at::Tensor& flat) const { return flat.narrow(0, encoder_.size(), chain_.parameters()); }

void SeriesNetwork::put_words(std::span<const std::int32_t> categories, std::int64_t* words) const {
  for (std::size_t c = 0; c < categories.size(); ++c) words[c] = word_at_[c] + categories[c];
}

void SeriesNetwork::put_statics(const float* statics, float* numbers) const {
  constexpr float kEmphasis = 4;  // they are few, and stand beside many
  std::transform(statics, statics + shape_.statics, numbers, [](float number) { return kEmphasis * number; });
}

SeriesNetwork::Batch SeriesNetwork::padded(const SeriesRows& rows, std::span<const std::int64_t> subjects) const {
  Batch batch;
  batch.subjects = static_cast<std::int64_t>(subjects.size());
  batch.steps = 1;
  for (const std::int64_t s : subjects) {  // -1: nobody
    batch.counts.push_back(s < 0 ? 0 : rows.offsets[static_cast<std::size_t>(s) + 1] - rows.offsets[static_cast<std::size_t>(s)]);
    batch.steps = std::max(batch.steps, batch.counts.back());
  }
  const std::int64_t statics = shape_.statics, width = statics + history();
  batch.words = at::full({batch.subjects, batch.steps, columns()}, word_at_.back(), at::kLong);
  batch.numbers = at::zeros({batch.subjects, batch.steps, width}, at::kFloat);
  std::vector<std::int64_t> places;
  for (std::int64_t i = 0; i < batch.subjects; ++i) {
    const std::int64_t s = subjects[static_cast<std::size_t>(i)], first = s < 0 ? 0 : rows.offsets[static_cast<std::size_t>(s)];
    History past(shape_.columns, batch.counts[static_cast<std::size_t>(i)]);
    for (std::int64_t step = 0; step < batch.counts[static_cast<std::size_t>(i)]; ++step) {
      const std::int64_t place = i * batch.steps + step;
      float* const numbers = batch.numbers.data_ptr<float>() + place * width;
      put_statics(rows.statics.data() + s * statics, numbers);
      past.write({numbers + statics, static_cast<std::size_t>(history())});
      batch.own.insert(batch.own.end(), numbers + statics, numbers + statics + History::kOfColumn * columns());
      for (std::size_t c = 0; c < static_cast<std::size_t>(columns()); ++c) {
        batch.last.push_back(past.last(c));
        batch.mean.push_back(past.mean(c));
      }
      const auto row = rows.categories.subspan(static_cast<std::size_t>((first + step) * columns()), static_cast<std::size_t>(columns()));
      if (step + 1 < batch.steps) put_words(row, batch.words.data_ptr<std::int64_t>() + (place + 1) * columns());
      past.add(row);
      batch.categories.insert(batch.categories.end(), row.begin(), row.end());
      places.push_back(place);
    }
  }
  batch.places = at::empty({static_cast<std::int64_t>(places.size())}, at::kLong);
  std::copy(places.begin(), places.end(), batch.places.data_ptr<std::int64_t>());
  batch.fixed = fixed_of(batch.numbers).reshape({-1, fixed()}).index_select(0, batch.places);
  return batch;
}

// What the chain sees of the numbers [..., statics + history].
at::Tensor SeriesNetwork::fixed_of(const at::Tensor& numbers) const {
  return at::cat({numbers.narrow(-1, 0, shape_.statics), numbers.narrow(-1, numbers.size(-1) - History::kOfSubject, History::kOfSubject)}, -1);
}

// What the state is led by: [..., embedding].
at::Tensor SeriesNetwork::inputs(nn::Tape& tape, const at::Tensor& words, const at::Tensor& numbers) const {
  return words_(tape, words).sum(-2) / std::sqrt(static_cast<double>(columns())) + numbers_(tape, numbers);
}

// Of the true rows: [rows, hidden + fixed].
at::Tensor SeriesNetwork::context(nn::Tape& tape, const Batch& batch) const {
  const at::Tensor states = gru_(tape, inputs(tape, batch.words, batch.numbers)).reshape({-1, shape_.hidden});
  return at::cat({states.index_select(0, batch.places), batch.fixed}, 1);
}

Chain::Rows SeriesNetwork::rows_of(const Batch& batch, const at::Tensor& context) {
  return {batch.categories, {nn::row<float>(context.view({-1})), batch.own, batch.last, batch.mean}};
}

double SeriesNetwork::gradient(const at::Tensor& flat, const SeriesRows& rows, std::span<const std::int64_t> subjects,
                               const at::Tensor& gradient, Chain::Workspace& room) const {
  const Batch batch = padded(rows, subjects);
  nn::Tape tape = nn::Tape::plain(of_encoder(flat));
  const at::Tensor seen = context(tape, batch), numbers = seen.detach().contiguous(), slopes = at::empty_like(numbers);
  const at::Tensor of_chain_gradient = of_chain(gradient);
  const double nats = chain_.gradient(nn::row<float>(of_chain(flat)), rows_of(batch, numbers),
                                      nn::row<float>(of_chain_gradient), room, nn::row<float>(slopes.view({-1})));
  tape.backward((seen * slopes).sum());
  of_encoder(gradient).add_(tape.gradient());
  return nats;
}

at::Tensor SeriesNetwork::weighed_gradient(const at::Tensor& flat, const SeriesRows& rows, std::span<const std::int64_t> subjects,
                                           const nn::FactorsOf& factors_of) const {
  const Batch batch = padded(rows, subjects);
  nn::Tape tape(of_encoder(flat), batch.subjects);
  const at::Tensor seen = context(tape, batch), numbers = seen.detach().contiguous(), slopes = at::empty_like(numbers);
  const Chain::Rows of_rows = rows_of(batch, numbers);
  Chain::Workspace room;
  chain_.differentiate(nn::row<float>(of_chain(flat)), of_rows, room, nn::row<float>(slopes.view({-1})));
  tape.backward((seen * slopes).sum());
  const at::Tensor squares = tape.squared_norms().clone();
  chain_.add_squared_norms(of_rows, batch.counts, nn::row<double>(squares), room);
  const at::Tensor factors = factors_of(squares).contiguous(), gradient = at::zeros_like(flat);
  of_encoder(gradient).copy_(tape.weighted_sum(factors));
  chain_.weigh(batch.counts, nn::row<float>(factors), room);
  chain_.add_gradient(of_rows, nn::row<float>(of_chain(gradient)), room);
  return gradient;
}

std::vector<double> SeriesNetwork::nats(const at::Tensor& flat, const SeriesRows& rows, std::span<const std::int64_t> subjects,
                                        Chain::Workspace& room) const {
  const Batch batch = padded(rows, subjects);
  nn::Tape tape = nn::Tape::sampling(of_encoder(flat));
  const at::Tensor seen = context(tape, batch).contiguous();
  const auto each = chain_.nats(nn::row<float>(of_chain(flat)), rows_of(batch, seen), room);
  std::vector<double> result;
  auto next = each.begin();
  for (const std::int64_t count : batch.counts) {
    result.push_back(0);
    for (std::int64_t i = 0; i < count; ++i) result.back() += *next++;
  }
  return result;
}

// Subjects side by side, row after row, until the longest is done.
void SeriesNetwork::draw(const at::Tensor& flat, std::span<const std::int64_t> offsets, std::span<const float> statics,
                         std::span<std::int32_t> categories, Rng& rng) const {
  const auto chain_flat = nn::row<float>(of_chain(flat));
  const ChainSampler sampler(chain_, {chain_flat.begin(), chain_flat.end()});
  const auto all = static_cast<std::int64_t>(offsets.size()) - 1, width = shape_.statics + history(), wide = History::kOfColumn * columns();
  const auto rows_of_subject = [&](std::int64_t s) { return offsets[static_cast<std::size_t>(s) + 1] - offsets[static_cast<std::size_t>(s)]; };
  std::vector<History> pasts;
  for (std::int64_t s = 0; s < all; ++s) pasts.emplace_back(shape_.columns, rows_of_subject(s));
  std::vector<std::int32_t> row, last, mean;
  row.resize(static_cast<std::size_t>(all * columns()));
  last.resize(row.size(), -1);
  mean.resize(row.size(), -1);
  std::vector<float> own(static_cast<std::size_t>(all * wide));
  at::Tensor state = at::zeros({1, 1, all, shape_.hidden}), words = at::full({all, 1, columns()}, word_at_.back(), at::kLong);
  for (std::int64_t step = 0;; ++step) {
    std::vector<std::int64_t> going;  // subjects that have this row
    for (std::int64_t s = 0; s < all; ++s) {
      if (step < rows_of_subject(s)) going.push_back(s);
    }
    if (going.empty()) return;
    at::Tensor numbers = at::zeros({all, 1, width});
    for (const std::int64_t s : going) {
      float* const of_subject = numbers.data_ptr<float>() + s * width;
      put_statics(statics.data() + s * shape_.statics, of_subject);
      const History& past = pasts[static_cast<std::size_t>(s)];
      past.write({of_subject + shape_.statics, static_cast<std::size_t>(history())});
      std::copy_n(of_subject + shape_.statics, wide, own.data() + s * wide);
      for (std::size_t c = 0; c < static_cast<std::size_t>(columns()); ++c) {
        last[static_cast<std::size_t>(s * columns()) + c] = past.last(c);
        mean[static_cast<std::size_t>(s * columns()) + c] = past.mean(c);
      }
    }
    nn::Tape tape = nn::Tape::sampling(of_encoder(flat));
    const auto run = gru_.run(tape, inputs(tape, words, numbers), state);
    state = run.state;
    const at::Tensor seen = at::cat({run.output.reshape({all, shape_.hidden}), fixed_of(numbers.view({all, width}))}, 1).contiguous();
    std::fill(row.begin(), row.end(), 0);
    const auto place = [&](std::int64_t s) { return categories.data() + (offsets[static_cast<std::size_t>(s)] + step) * columns(); };
    for (const std::int64_t s : going) std::copy_n(place(s), columns(), row.data() + s * columns());
    sampler.draw(all, {nn::row<float>(seen.view({-1})), own, last, mean}, row, rng);
    for (const std::int64_t s : going) {
      const std::span<const std::int32_t> drawn(row.data() + s * columns(), static_cast<std::size_t>(columns()));
      std::copy(drawn.begin(), drawn.end(), place(s));
      put_words(drawn, words.data_ptr<std::int64_t>() + s * columns());
      pasts[static_cast<std::size_t>(s)].add(drawn);
    }
  }
}

}  // namespace understudy
