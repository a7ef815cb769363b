package dev.roomful.internal.delivery;

import org.jspecify.annotations.Nullable;

/**
 * What a thread needs to write outboxes of a {@link WriteLoop}, one after the other: the batch that
 * it fills again and again, and the counts of what it has written. Used by one thread at a time.
 */
final class BatchWriter {
  private final WriteLoop writeLoop;
  private @Nullable FrameBatch spare;
  private long batches;
  private long frames;
  private long bytes;

  BatchWriter(WriteLoop writeLoop) {
    this.writeLoop = writeLoop;
  }

  /** {@return the batch to fill, which is empty} */
  FrameBatch batch() {
    FrameBatch batch = spare;
    if (batch == null) {
      batch = writeLoop.batch();
      spare = batch;
    }
    return batch;
  }

  /** Counts a batch that is about to be written. */
  void writes(FrameBatch batch) {
    batches++;
    frames += batch.frames();
    bytes += batch.bytes();
  }

  /** Leaves the batch to a write that has not ended. */
  void giveAwayBatch() {
    spare = null;
  }

  /** Gives the batch up, since the transport may read it for ever. */
  void discardBatch() {
    FrameBatch batch = spare;
    spare = null;
    if (batch != null) {
      batch.discard();
    }
  }

  /** Reports the counts, and keeps no frame alive. */
  void rest() {
    writeLoop.written(batches, frames, bytes);
    batches = 0;
    frames = 0;
    bytes = 0;
    if (spare != null) {
      spare.forget();
    }
  }
}
