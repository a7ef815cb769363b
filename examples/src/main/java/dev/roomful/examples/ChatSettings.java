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
 * @param archive the archive of messages; without it the rooms store the latest ones only
 */
record ChatSettings(
    Limits limits,
    Optional<Tokens> tokens,
    List<String> allowedOrigins,
    Optional<ClusterEngine> cluster,
    RoomOwners owners,
    Optional<MessageArchive> archive) {
  static ChatSettings of(Limits limits) {
    return new ChatSettings(
        limits,
        Optional.empty(),
        List.of(),
        Optional.empty(),
        RoomOwners.inMemory(),
        Optional.empty());
  }

  ChatSettings withTokens(Tokens required) {
    return new ChatSettings(
        limits, Optional.of(required), allowedOrigins, cluster, owners, archive);
  }

  ChatSettings withAllowedOrigins(List<String> origins) {
    return new ChatSettings(limits, tokens, List.copyOf(origins), cluster, owners, archive);
  }

  ChatSettings withCluster(ClusterEngine engine) {
    return new ChatSettings(limits, tokens, allowedOrigins, Optional.of(engine), owners, archive);
  }

  ChatSettings withOwners(RoomOwners kept) {
    return new ChatSettings(limits, tokens, allowedOrigins, cluster, kept, archive);
  }

  ChatSettings withArchive(MessageArchive used) {
    return new ChatSettings(limits, tokens, allowedOrigins, cluster, owners, Optional.of(used));
  }

  ChatSettings withLimits(Limits changed) {
    return new ChatSettings(changed, tokens, allowedOrigins, cluster, owners, archive);
  }

  /**
   * Makes a chat a node of the cluster. On a single node its handlers never block, unless they
   * write to an archive; in a cluster, changes of a room wait for the engine.
   */
  Chat.Builder applyCluster(Chat.Builder builder) {
    Chat.Builder single = archive.isPresent() ? builder : builder.nonBlocking();
    return cluster.map(builder::cluster).orElse(single);
  }

  String[] origins() {
    return allowedOrigins.toArray(String[]::new);
  }
}
