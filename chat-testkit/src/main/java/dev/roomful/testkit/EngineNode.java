package dev.roomful.testkit;

import dev.roomful.cluster.ClusterEngine;
import dev.roomful.cluster.LogEnd;
import dev.roomful.cluster.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One node of a case: an engine, what it reports, and the number of its appends.
 *
 * @param id the incarnation
 * @param engine the engine under test
 * @param recorder what it reports
 * @param count the number of entries that the node has appended
 */
record EngineNode(String id, ClusterEngine engine, EngineRecorder recorder, AtomicLong count) {
  /** Appends a text, without a known entry. */
  CompletionStage<LogEntry> append(String log, String text) {
    return append(log, LogEnd.START, text);
  }

  CompletionStage<LogEntry> append(String log, LogEnd known, String text) {
    return append(log, known, text.getBytes(StandardCharsets.UTF_8));
  }

  CompletionStage<LogEntry> append(String log, LogEnd known, byte[] data) {
    return engine.append(log, known, id, count.incrementAndGet(), data);
  }

  static String text(LogEntry entry) {
    return new String(entry.data(), StandardCharsets.UTF_8);
  }
}
