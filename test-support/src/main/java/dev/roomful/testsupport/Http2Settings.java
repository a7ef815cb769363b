package dev.roomful.testsupport;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Reads what a server says about itself at the beginning of an HTTP/2 connection. */
public final class Http2Settings {
  private static final int SETTINGS = 4;
  private static final int ENABLE_CONNECT_PROTOCOL = 8; // RFC 8441 section 3

  private Http2Settings() {}

  /**
   * {@return whether the first SETTINGS frame of a server on localhost offers extended CONNECT}
   *
   * @throws IOException if the server does not speak HTTP/2
   */
  public static boolean offerExtendedConnect(int port, SSLContext tls) throws IOException {
    try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("localhost", port)) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"h2"});
      socket.setSSLParameters(parameters);
      socket.setSoTimeout((int) Await.TIMEOUT.toMillis());
      socket.startHandshake();
      byte[] emptySettings = {0, 0, 0, SETTINGS, 0, 0, 0, 0, 0};
      socket
          .getOutputStream()
          .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(emptySettings);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      while (true) {
        int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        in.readInt();
        byte[] payload = in.readNBytes(length);
        if (type == SETTINGS && flags == 0) {
          return enablesConnectProtocol(payload);
        }
      }
    }
  }

  private static boolean enablesConnectProtocol(byte[] settings) {
    for (int i = 0; i < settings.length; i += 6) {
      int identifier = ((settings[i] & 0xff) << 8) | (settings[i + 1] & 0xff);
      if (identifier == ENABLE_CONNECT_PROTOCOL) {
        return settings[i + 5] == 1;
      }
    }
    return false;
  }
}
