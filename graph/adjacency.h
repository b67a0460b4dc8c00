// A directed graph of small integers in compressed rows, its strong components and layers.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace graph {

// Vertices are 0..size()-1; the targets of each lie side by side.
class Adjacency {
 public:
  explicit Adjacency(std::size_t edges_expected = 0) { targets_.reserve(edges_expected); }

  // Rows are written one after the other: the edges of the next vertex, then its end.
  void add_edge(std::uint32_t target) { targets_.push_back(target); }
  void end_vertex() { offsets_.push_back(static_cast<std::uint32_t>(targets_.size())); }

  std::uint32_t size() const { return static_cast<std::uint32_t>(offsets_.size() - 1); }
  std::span<const std::uint32_t> operator[](std::uint32_t vertex) const {
    return std::span(targets_).subspan(offsets_[vertex], offsets_[vertex + 1] - offsets_[vertex]);
  }
  const std::vector<std::uint32_t>& offsets() const { return offsets_; }
  const std::vector<std::uint32_t>& targets() const { return targets_; }

 private:
  std::vector<std::uint32_t> offsets_{0};
  std::vector<std::uint32_t> targets_;
};

// A partition of vertices into components, numbered so that every edge between components leads to a smaller
// number.
struct StrongComponents {
  std::vector<std::uint32_t> of_vertex;
  std::vector<std::vector<std::uint32_t>> members;  // ascending
  Adjacency edges;                                  // between components, ascending, each once, no loops

  std::uint32_t size() const { return static_cast<std::uint32_t>(members.size()); }
};

// Tarjan's algorithm, as Boost.Graph has it.
StrongComponents strong_components(const Adjacency& graph);

// For each component the length of the longest chain of components below it.
std::vector<std::uint32_t> layers_of(const StrongComponents& components);

}  // namespace graph
