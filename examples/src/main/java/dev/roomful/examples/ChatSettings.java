package dev.roomful.examples;

import dev.roomful.Chat;
import dev.roomful.Limits;
import dev.roomful.cluster.ClusterEngine;
import dev.roomful.tokens.Tokens;
import java.util.List;
import java.util.Optional;

/**
 * The settings of an example's chat that the command line can change.
 *
 * @param limits the limits of the chat
 * @param tokens the check of connection tokens; without it everybody may connect
 * @param allowedOrigins the origins of pages that may connect, beside the chat's own
 * @param cluster the engine that connects the chat with those of other nodes; without it the chat
 *     is alone
 * @param owners the owners of rooms before a restart
 */
record ChatSettings(
    Limits limits,
    Optional<Tokens> tokens,
    List<String> allowedOrigins,
    Optional<ClusterEngine> cluster,
    RoomOwners owners) {
  static ChatSettings of(Limits limits) {
    return new ChatSettings(
        limits, Optional.empty(), List.of(), Optional.empty(), RoomOwners.inMemory());
  }

  ChatSettings withTokens(Tokens required) {
    return new ChatSettings(limits, Optional.of(required), allowedOrigins, cluster, owners);
  }

  ChatSettings withAllowedOrigins(List<String> origins) {
    return new ChatSettings(limits, tokens, List.copyOf(origins), cluster, owners);
  }

  ChatSettings withCluster(ClusterEngine engine) {
    return new ChatSettings(limits, tokens, allowedOrigins, Optional.of(engine), owners);
  }

  ChatSettings withOwners(RoomOwners kept) {
    return new ChatSettings(limits, tokens, allowedOrigins, cluster, kept);
  }

  ChatSettings withLimits(Limits changed) {
    return new ChatSettings(changed, tokens, allowedOrigins, cluster, owners);
  }

  /**
   * Makes a chat a node of the cluster. On a single node its handlers never block; in a cluster,
   * changes of a room wait for the engine.
   */
  Chat.Builder applyCluster(Chat.Builder builder) {
    return cluster.map(builder::cluster).orElseGet(builder::nonBlocking);
  }

  String[] origins() {
    return allowedOrigins.toArray(String[]::new);
  }
}
