package dev.roomful.benchmarks;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands with which clients of the Centrifuge protocol enter a room. */
final class StormCommands {
  private static final Pattern EPOCH = Pattern.compile("\"epoch\":\"([^\"]+)\"");

  private StormCommands() {}

  /** Enters, and recovers all messages of the room: its clients were there before a restart. */
  static StormClients.Command recover(InetSocketAddress address) throws IOException {
    String since = ",\"recover\":true,\"offset\":0,\"epoch\":\"" + epoch(address) + "\"";
    String last = "\"offset\":" + BenchmarkProtocol.STORED_MESSAGES;
    return new StormClients.Command(
        subscribe(since), text -> text.contains("\"recovered\":true") && text.contains(last));
  }

  /** Enters, and receives who else comes and goes. */
  static StormClients.Command watch() {
    return new StormClients.Command(
        subscribe(",\"join_leave\":true"), text -> text.contains("\"id\":2"));
  }

  private static String subscribe(String options) {
    return "{\"connect\":{},\"id\":1}\n{\"subscribe\":{\"channel\":\""
        + BenchmarkProtocol.STORED_ROOM
        + "\""
        + options
        + "},\"id\":2}";
  }

  private static String epoch(InetSocketAddress address) throws IOException {
    try (SocketChannel channel = ClientHandshake.connect(address, "/ws/probe")) {
      channel.write(WireFormat.maskedFrame(subscribe("").getBytes(StandardCharsets.US_ASCII)));
      for (int i = 0; i < 2; i++) {
        Matcher found = EPOCH.matcher(ClientHandshake.readFrame(channel));
        if (found.find()) {
          return found.group(1);
        }
      }
      throw new IOException("the reply to a subscription has no epoch");
    }
  }
}
