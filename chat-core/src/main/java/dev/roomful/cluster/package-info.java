/**
 * What a cluster engine implements: it orders the entries of named logs and distributes them to the
 * nodes of a chat.
 *
 * <p>A chat keeps each room as a log of events. On one node it applies an event at once. On several
 * nodes a {@link dev.roomful.cluster.ClusterEngine} gives all nodes the same entries in the same
 * order. The engine knows nothing of rooms: it stores bytes. Detecting gaps, sending again,
 * snapshots and what to do after lost data are decided by the chat, the same way for all engines.
 *
 * <p>Applications pass an engine to {@code Chat.Builder.cluster} and call nothing else here.
 */
@NullMarked
package dev.roomful.cluster;

import org.jspecify.annotations.NullMarked;
