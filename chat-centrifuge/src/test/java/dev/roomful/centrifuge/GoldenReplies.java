package dev.roomful.centrifuge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Each reply and push in both forms. The bytes were written by protobufjs from the public schema,
 * independently of this module.
 */
record GoldenReplies(ServerMessage message, String json, String protobuf) {
  static final ClientInfo INFO = new ClientInfo("u", "c", RawData.of("{\"n\":1}"), RawData.of("2"));
  private static final ClientInfo INFO_WITHOUT_DATA =
      new ClientInfo("u", "c", RawData.NONE, RawData.NONE);
  private static final StreamPosition POSITION_7 = new StreamPosition(7, "e");

  static List<GoldenReplies> all() {
    return List.of(
        golden(new ServerMessage.Ping(), "{}", "00"),
        reply(
            1,
            ClientError.INTERNAL,
            """
            {"id":1,"error":{"code":100,"message":"internal server error","temporary":true}}""",
            "1f0801121b08641215696e7465726e616c20736572766572206572726f721801"),
        reply(
            1,
            new Reply.Connected(
                "c",
                "v",
                Reply.TimeToLive.ofSeconds(60),
                RawData.of("{}"),
                Map.of(
                    "news", subscribed(Reply.TimeToLive.UNLIMITED, false, List.of(), RawData.NONE)),
                25,
                true,
                "s",
                "n"),
            """
            {"id":1,"connect":{"client":"c","version":"v","expires":true,"ttl":60,"data":{},\
            "subs":{"news":{"recoverable":true,"positioned":true,"offset":7,"epoch":"e"}},\
            "ping":25,"pong":true,"session":"s","node":"n"}}""",
            "2f08012a2b0a01631201761801203c2a027b7d32110a046e657773120918013201654807500138194001"
                + "4a017352016e"),
        reply(
            2,
            subscribed(
                Reply.TimeToLive.ofSeconds(60),
                true,
                List.of(
                    new Publication(RawData.of("1"), INFO_WITHOUT_DATA, 8, Map.of("k", "v"), 5)),
                RawData.of("3")),
            """
            {"id":2,"subscribe":{"expires":true,"ttl":60,"recoverable":true,"positioned":true,\
            "offset":7,"epoch":"e","was_recovering":true,"recovered":true,"publications":[\
            {"data":1,"info":{"user":"u","client":"c"},"tags":{"k":"v"},"time":5,"offset":8}],\
            "data":3}}""",
            "310802322d0801103c18013201653a172201312a060a017512016330083a060a016b1201764805400148"
                + "0750015a01336001"),
        reply(3, new Reply.Unsubscribed(), "{\"id\":3,\"unsubscribe\":{}}", "0408033a00"),
        reply(4, new Reply.Published(), "{\"id\":4,\"publish\":{}}", "0408044200"),
        reply(
            5,
            new Reply.PresenceResult(Map.of("c", INFO)),
            """
            {"id":5,"presence":{"presence":{"c":{"user":"u","client":"c","conn_info":{"n":1},\
            "chan_info":2}}}}""",
            "1d08054a190a170a016312120a01751201631a077b226e223a317d220132"),
        reply(
            6,
            new Reply.PresenceStatsResult(2, 1),
            "{\"id\":6,\"presence_stats\":{\"num_clients\":2,\"num_users\":1}}",
            "080806520408021001"),
        reply(
            7,
            new Reply.HistoryResult(
                List.of(publication("1", null, 8, Map.of("k", "v"), 1_700_000_000_123L)),
                new StreamPosition(8, "e")),
            """
            {"id":7,"history":{"publications":[{"data":1,"tags":{"k":"v"},"time":1700000000123,\
            "offset":8}],"offset":8,"epoch":"e"}}""",
            "1f08075a1b0a1422013130083a060a016b12017648fbd095ffbc311201651808"),
        reply(
            9,
            new Reply.RpcResult(RawData.of("[]")),
            "{\"id\":9,\"rpc\":{\"data\":[]}}",
            "0808096a040a025b5d"),
        reply(
            10,
            new Reply.Refreshed("c", "v", Reply.TimeToLive.ofSeconds(60)),
            """
            {"id":10,"refresh":{"client":"c","version":"v","expires":true,"ttl":60}}""",
            "0e080a720a0a01631201761801203c"),
        reply(
            11,
            new Reply.SubRefreshed(Reply.TimeToLive.ofSeconds(60)),
            "{\"id\":11,\"sub_refresh\":{\"expires\":true,\"ttl\":60}}",
            "08080b7a040801103c"),
        golden(
            new Push.Publish("chat", publication("\"hi\"", INFO, 300, Map.of(), 0)),
            """
            {"push":{"channel":"chat","pub":{"data":"hi","info":{"user":"u","client":"c",\
            "conn_info":{"n":1},"chan_info":2},"offset":300}}}""",
            "272225120463686174221d2204226869222a120a01751201631a077b226e223a317d22013230ac02"),
        golden(
            new Push.Publish("chat", publication("\"hi\"", null, 300, tags(), 1_700_000_000_123L)),
            """
            {"push":{"channel":"chat","pub":{"data":"hi","tags":{"lang":"en","ref":"é\\n"},\
            "time":1700000000123,"offset":300}}}""",
            "322230120463686174222822042268692230ac023a0a0a046c616e671202656e3a0a0a037265661203c3a90a"
                + "48fbd095ffbc31"),
        golden(
            new Push.Join("chat", INFO),
            """
            {"push":{"channel":"chat","join":{"info":{"user":"u","client":"c",\
            "conn_info":{"n":1},"chan_info":2}}}}""",
            "1e221c1204636861742a140a120a01751201631a077b226e223a317d220132"),
        golden(
            new Push.Leave("chat", INFO_WITHOUT_DATA),
            """
            {"push":{"channel":"chat","leave":{"info":{"user":"u","client":"c"}}}}""",
            "12221012046368617432080a060a0175120163"),
        golden(
            new Push.Unsubscribe("chat", UnsubscribeStatus.INSUFFICIENT_STATE),
            """
            {"push":{"channel":"chat","unsubscribe":{"code":2500,"reason":"insufficient state"}}}""",
            "21221f1204636861743a1710c4131a12696e73756666696369656e74207374617465"),
        golden(
            new Push.DirectMessage(RawData.of("1")),
            "{\"push\":{\"message\":{\"data\":1}}}",
            "07220542030a0131"),
        golden(
            new Push.Subscribe("chat", true, true, POSITION_7, RawData.of("1")),
            """
            {"push":{"channel":"chat","subscribe":{"recoverable":true,"positioned":true,"offset":7,\
            "epoch":"e","data":1}}}""",
            "1622141204636861744a0c0801220165280730013a0131"),
        golden(
            new Push.Disconnecting(Disconnect.SHUTDOWN),
            """
            {"push":{"disconnect":{"code":3001,"reason":"shutdown","reconnect":true}}}""",
            "1322115a0f08b917120873687574646f776e1801"),
        golden(
            new Push.Refresh(Reply.TimeToLive.ofSeconds(60)),
            "{\"push\":{\"refresh\":{\"expires\":true,\"ttl\":60}}}",
            "0822066204" + "0801103c"));
  }

  private static Reply.Subscribed subscribed(
      Reply.TimeToLive timeToLive,
      boolean recovered,
      List<Publication> publications,
      RawData data) {
    return new Reply.Subscribed(
        timeToLive, true, true, POSITION_7, recovered, recovered, publications, data);
  }

  private static Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("lang", "en");
    tags.put("ref", "é\n");
    return tags;
  }

  private static Publication publication(
      String data, @Nullable ClientInfo info, long offset, Map<String, String> tags, long time) {
    return new Publication(RawData.of(data), info, offset, tags, time);
  }

  private static GoldenReplies reply(long id, Reply.Outcome outcome, String json, String protobuf) {
    return golden(new Reply(id, outcome), json, protobuf);
  }

  private static GoldenReplies golden(ServerMessage message, String json, String protobuf) {
    return new GoldenReplies(message, json, protobuf);
  }

  @Override
  public String toString() {
    return json;
  }
}
