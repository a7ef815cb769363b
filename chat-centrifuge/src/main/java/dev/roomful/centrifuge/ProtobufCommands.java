package dev.roomful.centrifuge;

import com.google.protobuf.ByteString;
import dev.roomful.centrifuge.wire.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads commands in Protobuf. */
final class ProtobufCommands {
  private ProtobufCommands() {}

  static Command read(Wire.Command command) throws MalformedFrameException {
    List<ClientRequest> requests = requests(command);
    if (requests.size() > 1) {
      throw new MalformedFrameException("second request in one command");
    }
    return CommandChecks.validated(
        Integer.toUnsignedLong(command.getId()), requests.isEmpty() ? null : requests.get(0));
  }

  private static List<ClientRequest> requests(Wire.Command command) {
    List<ClientRequest> requests = new ArrayList<>(1);
    if (command.hasConnect()) {
      requests.add(connect(command.getConnect()));
    }
    if (command.hasSubscribe()) {
      requests.add(subscribe(command.getSubscribe(), command.getSubscribe().getChannel()));
    }
    if (command.hasUnsubscribe()) {
      requests.add(new ClientRequest.Unsubscribe(command.getUnsubscribe().getChannel()));
    }
    if (command.hasPublish()) {
      Wire.PublishRequest publish = command.getPublish();
      requests.add(
          new ClientRequest.Publish(
              publish.getChannel(), data(publish.getData()), publish.getType()));
    }
    if (command.hasPresence()) {
      requests.add(new ClientRequest.Presence(command.getPresence().getChannel()));
    }
    if (command.hasPresenceStats()) {
      requests.add(new ClientRequest.PresenceStats(command.getPresenceStats().getChannel()));
    }
    if (command.hasHistory()) {
      requests.add(history(command.getHistory()));
    }
    if (command.hasPing()) {
      requests.add(new ClientRequest.Ping());
    }
    if (command.hasSend()) {
      requests.add(new ClientRequest.Send(data(command.getSend().getData())));
    }
    if (command.hasRpc()) {
      requests.add(
          new ClientRequest.Rpc(command.getRpc().getMethod(), data(command.getRpc().getData())));
    }
    if (command.hasRefresh()) {
      requests.add(new ClientRequest.Refresh(command.getRefresh().getToken()));
    }
    if (command.hasSubRefresh()) {
      Wire.SubRefreshRequest refresh = command.getSubRefresh();
      requests.add(
          new ClientRequest.SubRefresh(
              refresh.getChannel(), refresh.getToken(), refresh.getType()));
    }
    return requests;
  }

  private static ClientRequest connect(Wire.ConnectRequest connect) {
    Map<String, ClientRequest.Subscribe> subs = new HashMap<>();
    connect.getSubsMap().forEach((channel, sub) -> subs.put(channel, subscribe(sub, channel)));
    return new ClientRequest.Connect(
        connect.getToken(),
        data(connect.getData()),
        subs,
        connect.getName(),
        connect.getVersion(),
        connect.getHeadersMap());
  }

  private static ClientRequest.Subscribe subscribe(
      Wire.SubscribeRequest subscribe, String channel) {
    return new ClientRequest.Subscribe(
        channel,
        subscribe.getToken(),
        subscribe.getRecover(),
        new StreamPosition(offset(subscribe.getOffset()), subscribe.getEpoch()),
        data(subscribe.getData()),
        subscribe.getPositioned(),
        subscribe.getRecoverable(),
        subscribe.getJoinLeave(),
        (subscribe.getFlag() & ClientRequest.Subscribe.REJECT_UNRECOVERED) != 0,
        subscribe.getType(),
        subscribe.hasTf());
  }

  private static ClientRequest history(Wire.HistoryRequest history) {
    Wire.StreamPosition since = history.getSince();
    return new ClientRequest.History(
        history.getChannel(),
        history.getLimit(),
        history.hasSince() ? new StreamPosition(offset(since.getOffset()), since.getEpoch()) : null,
        history.getReverse());
  }

  /** The schema's offsets have no sign: a negative number is above every offset of a stream. */
  private static long offset(long unsigned) {
    return unsigned < 0 ? Long.MAX_VALUE : unsigned;
  }

  private static RawData data(ByteString bytes) {
    return RawData.of(bytes.toByteArray());
  }
}
