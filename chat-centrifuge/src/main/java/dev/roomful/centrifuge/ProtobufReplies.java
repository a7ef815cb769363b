package dev.roomful.centrifuge;

import com.google.protobuf.ByteString;
import dev.roomful.centrifuge.wire.Wire;
import java.util.List;

/** Converts messages of the server into messages of the schema. */
final class ProtobufReplies {
  private ProtobufReplies() {}

  static Wire.Reply of(ServerMessage message) {
    Wire.Reply.Builder reply = Wire.Reply.newBuilder();
    if (message instanceof Reply commandReply) {
      reply.setId((int) commandReply.id());
      outcome(reply, commandReply.outcome());
    } else if (message instanceof Push push) {
      reply.setPush(push(push));
    }
    return reply.build();
  }

  private static void outcome(Wire.Reply.Builder reply, Reply.Outcome outcome) {
    if (outcome instanceof ClientError error) {
      reply.setError(
          Wire.Error.newBuilder()
              .setCode(error.code())
              .setMessage(error.message())
              .setTemporary(error.temporary()));
    } else if (outcome instanceof Reply.Connected connected) {
      reply.setConnect(connected(connected));
    } else if (outcome instanceof Reply.Subscribed subscribed) {
      reply.setSubscribe(subscribed(subscribed));
    } else if (outcome instanceof Reply.Unsubscribed) {
      reply.setUnsubscribe(Wire.Nothing.getDefaultInstance());
    } else if (outcome instanceof Reply.Published) {
      reply.setPublish(Wire.Nothing.getDefaultInstance());
    } else if (outcome instanceof Reply.PresenceResult presenceResult) {
      Wire.PresenceResult.Builder presence = Wire.PresenceResult.newBuilder();
      presenceResult.clients().forEach((client, info) -> presence.putPresence(client, info(info)));
      reply.setPresence(presence);
    } else if (outcome instanceof Reply.PresenceStatsResult statsResult) {
      reply.setPresenceStats(
          Wire.PresenceStatsResult.newBuilder()
              .setNumClients(statsResult.clients())
              .setNumUsers(statsResult.users()));
    } else if (outcome instanceof Reply.HistoryResult historyResult) {
      reply.setHistory(
          Wire.HistoryResult.newBuilder()
              .addAllPublications(publications(historyResult.publications()))
              .setEpoch(historyResult.position().epoch())
              .setOffset(historyResult.position().offset()));
    } else if (outcome instanceof Reply.RpcResult rpcResult) {
      reply.setRpc(Wire.RpcResult.newBuilder().setData(bytes(rpcResult.data())));
    } else if (outcome instanceof Reply.Refreshed refreshed) {
      reply.setRefresh(
          Wire.RefreshResult.newBuilder()
              .setClient(refreshed.client())
              .setVersion(refreshed.version())
              .setExpires(refreshed.timeToLive().expires())
              .setTtl(refreshed.timeToLive().seconds()));
    } else if (outcome instanceof Reply.SubRefreshed refreshed) {
      reply.setSubRefresh(
          Wire.SubRefreshResult.newBuilder()
              .setExpires(refreshed.timeToLive().expires())
              .setTtl(refreshed.timeToLive().seconds()));
    }
  }

  private static Wire.ConnectResult.Builder connected(Reply.Connected connected) {
    Wire.ConnectResult.Builder result =
        Wire.ConnectResult.newBuilder()
            .setClient(connected.client())
            .setVersion(connected.version())
            .setExpires(connected.timeToLive().expires())
            .setTtl(connected.timeToLive().seconds())
            .setData(bytes(connected.data()))
            .setPing(connected.ping())
            .setPong(connected.pong())
            .setSession(connected.session())
            .setNode(connected.node());
    connected.subs().forEach((channel, sub) -> result.putSubs(channel, subscribed(sub)));
    return result;
  }

  private static Wire.SubscribeResult subscribed(Reply.Subscribed subscribed) {
    return Wire.SubscribeResult.newBuilder()
        .setExpires(subscribed.timeToLive().expires())
        .setTtl(subscribed.timeToLive().seconds())
        .setRecoverable(subscribed.recoverable())
        .setPositioned(subscribed.positioned())
        .setEpoch(subscribed.position().epoch())
        .setOffset(subscribed.position().offset())
        .setWasRecovering(subscribed.wasRecovering())
        .setRecovered(subscribed.recovered())
        .addAllPublications(publications(subscribed.publications()))
        .setData(bytes(subscribed.data()))
        .build();
  }

  private static Wire.Push.Builder push(Push push) {
    Wire.Push.Builder wire = Wire.Push.newBuilder();
    if (push instanceof Push.Publish publish) {
      wire.setChannel(publish.channel()).setPub(publication(publish.publication()));
    } else if (push instanceof Push.Join join) {
      wire.setChannel(join.channel())
          .setJoin(Wire.InfoPush.newBuilder().setInfo(info(join.info())));
    } else if (push instanceof Push.Leave leave) {
      wire.setChannel(leave.channel())
          .setLeave(Wire.InfoPush.newBuilder().setInfo(info(leave.info())));
    } else if (push instanceof Push.Unsubscribe unsubscribe) {
      wire.setChannel(unsubscribe.channel())
          .setUnsubscribe(
              Wire.UnsubscribePush.newBuilder()
                  .setCode(unsubscribe.status().code())
                  .setReason(unsubscribe.status().reason()));
    } else if (push instanceof Push.DirectMessage message) {
      wire.setMessage(Wire.MessagePush.newBuilder().setData(bytes(message.data())));
    } else if (push instanceof Push.Subscribe subscribe) {
      wire.setChannel(subscribe.channel())
          .setSubscribe(
              Wire.SubscribePush.newBuilder()
                  .setRecoverable(subscribe.recoverable())
                  .setPositioned(subscribe.positioned())
                  .setEpoch(subscribe.position().epoch())
                  .setOffset(subscribe.position().offset())
                  .setData(bytes(subscribe.data())));
    } else if (push instanceof Push.Disconnecting disconnecting) {
      wire.setDisconnect(
          Wire.DisconnectPush.newBuilder()
              .setCode(disconnecting.status().code())
              .setReason(disconnecting.status().reason())
              .setReconnect(disconnecting.status().reconnects()));
    } else if (push instanceof Push.Refresh refresh) {
      wire.setRefresh(
          Wire.RefreshPush.newBuilder()
              .setExpires(refresh.timeToLive().expires())
              .setTtl(refresh.timeToLive().seconds()));
    }
    return wire;
  }

  private static List<Wire.Publication> publications(List<Publication> publications) {
    return publications.stream()
        .map(one -> (Wire.Publication) one.protobuf(ProtobufReplies::publication))
        .toList();
  }

  private static Wire.Publication publication(Publication publication) {
    return withoutOffsetAndTime(publication)
        .setOffset(publication.offset())
        .setTime(publication.time())
        .build();
  }

  static Wire.Publication.Builder withoutOffsetAndTime(Publication publication) {
    Wire.Publication.Builder wire =
        Wire.Publication.newBuilder()
            .setData(bytes(publication.data()))
            .putAllTags(publication.tags());
    if (publication.info() != null) {
      wire.setInfo(info(publication.info()));
    }
    return wire;
  }

  private static Wire.ClientInfo info(ClientInfo info) {
    return Wire.ClientInfo.newBuilder()
        .setUser(info.user())
        .setClient(info.client())
        .setConnInfo(bytes(info.connInfo()))
        .setChanInfo(bytes(info.chanInfo()))
        .build();
  }

  private static ByteString bytes(RawData data) {
    return ByteString.copyFrom(data.bytes());
  }
}
