/**
 * The keys of the default values of Cilium's Helm chart, by version: from values.yaml of the charts 1.13.4, 1.14.19, 1.15.19, 1.16.19,
 * 1.17.18, 1.18.12, 1.19.6 and 1.20.0 (github.com/cilium/charts), reduced to the names of the keys. Copyright Authors of Cilium,
 * Apache-2.0. The newest patch release of a minor one stands for all of them.
 */

/** The minor releases of a presence mask, in its order. */
export const KEY_VERSIONS: readonly string[] = ["1.13", "1.14", "1.15", "1.16", "1.17", "1.18", "1.19", "1.20"];

/**
 * Leaf keys by the releases that have them: `x` has it, `-` has not. Entries are set off by `;`: the path of a map (`*` is the top),
 * then the keys in it.
 */
export const KEYS_BY_PRESENCE: Readonly<Record<string, string>> = {
  xxxxxxxx: `
  * MTU agent agentNotReadyTaintKey annotateK8sNode autoDirectNodeRoutes cleanBpfState cleanState conntrackGCInterval
  crdWaitTimeout disableEndpointCRD dnsPolicy enableCriticalPriorityClass enableIPv4Masquerade enableIPv6BIGTCP
  enableIPv6Masquerade enableXTSocketFallback extraArgs extraConfig extraContainers extraEnv extraHostPathMounts extraVolumeMounts
  extraVolumes healthChecking healthPort identityAllocationMode identityChangeGracePeriod imagePullSecrets
  installNoConntrackIptablesRules ipv4NativeRoutingCIDR ipv6NativeRoutingCIDR k8sServiceHost k8sServicePort keepDeprecatedLabels
  keepDeprecatedProbes kubeConfigPath kubeProxyReplacementHealthzBindAddr l7Proxy localRedirectPolicy logSystemLoad maglev name
  podAnnotations podLabels policyEnforcementMode priorityClassName resources rollOutCiliumPods sleepAfterInit synchronizeK8sNodes
  terminationGracePeriodSeconds tolerations tunnelPort waitForKubeProxy; affinity.podAntiAffinity
  requiredDuringSchedulingIgnoredDuringExecution; aksbyocni enabled; alibabacloud enabled; azure enabled; bandwidthManager bbr
  enabled; bgpControlPlane enabled; bpf ctAnyMax ctTcpMax hostLegacyRouting lbExternalClusterIP lbMapMax mapDynamicSizeRatio
  masquerade monitorAggregation monitorFlags monitorInterval natMax neighMax policyMapMax preallocateMaps root tproxy vlanBypass;
  certgen extraVolumeMounts extraVolumes podLabels tolerations ttlSecondsAfterFinished; certgen.image override pullPolicy
  repository tag; cgroup.autoMount enabled resources; cgroup hostRoot; cluster id name; clustermesh.apiserver.etcd.init resources;
  clustermesh.apiserver.etcd resources; clustermesh.apiserver extraEnv extraVolumeMounts extraVolumes podAnnotations podLabels
  priorityClassName replicas resources tolerations topologySpreadConstraints; clustermesh.apiserver.image digest override
  pullPolicy repository tag useDigest; clustermesh.apiserver.nodeSelector.kubernetes io/os;
  clustermesh.apiserver.podDisruptionBudget enabled maxUnavailable minAvailable; clustermesh.apiserver.service annotations
  nodePort type; clustermesh.apiserver.tls.auto certManagerIssuerRef certValidityDuration enabled method;
  clustermesh.apiserver.updateStrategy.rollingUpdate maxUnavailable; clustermesh.apiserver.updateStrategy type; clustermesh.config
  clusters domain enabled; clustermesh useAPIServer; cni binPath chainingMode confFileMountPath confPath configMapKey customConf
  exclusive hostConfDirMountPath install logFile uninstall; daemon allowedConfigOverrides blockedConfigOverrides configSources
  runPath; debug enabled verbose; dnsProxy dnsRejectResponseCode enableDnsCompression endpointMaxIpPerHostname
  idleConnectionGracePeriod maxDeferredConnectionDeletes minTtl preCache proxyPort proxyResponseMaxDelay; egressGateway enabled;
  encryption enabled nodeEncryption type; encryption.ipsec interface keyFile keyWatcher mountPath secretName;
  endpointHealthChecking enabled; endpointRoutes enabled; eni awsEnablePrefixDelegation awsReleaseExcessIPs ec2APIEndpoint enabled
  eniTags gcInterval gcTags iamRole instanceTagsFilter subnetIDsFilter subnetTagsFilter; etcd enabled endpoints ssl; gatewayAPI
  enabled; gatewayAPI.secretsNamespace create name sync; gke enabled; hostFirewall enabled; hubble enabled listenAddress
  preferIpv6 skipUnknownCGroupIDs socketPath; hubble.metrics.dashboards annotations enabled label labelValue namespace;
  hubble.metrics enableOpenMetrics enabled port serviceAnnotations; hubble.metrics.serviceMonitor annotations enabled interval
  labels metricRelabelings relabelings; hubble.peerService clusterDomain targetPort; hubble.relay.affinity.podAffinity
  requiredDuringSchedulingIgnoredDuringExecution; hubble.relay enabled extraEnv listenHost listenPort podAnnotations podLabels
  priorityClassName replicas resources retryTimeout rollOutPods sortBufferDrainTimeout sortBufferLenMax
  terminationGracePeriodSeconds tolerations topologySpreadConstraints; hubble.relay.image digest override pullPolicy repository
  tag useDigest; hubble.relay.nodeSelector.kubernetes io/os; hubble.relay.podDisruptionBudget enabled maxUnavailable minAvailable;
  hubble.relay.pprof address enabled port; hubble.relay.prometheus enabled port; hubble.relay.prometheus.serviceMonitor
  annotations enabled interval labels metricRelabelings relabelings; hubble.relay.service nodePort type; hubble.relay.tls.client
  cert key; hubble.relay.tls.server cert enabled extraDnsNames extraIpAddresses key; hubble.relay.updateStrategy.rollingUpdate
  maxUnavailable; hubble.relay.updateStrategy type; hubble.tls.auto certManagerIssuerRef certValidityDuration enabled method
  schedule; hubble.tls enabled; hubble.tls.server cert extraDnsNames extraIpAddresses key; hubble.ui affinity baseUrl enabled
  podAnnotations podLabels priorityClassName replicas rollOutPods tolerations topologySpreadConstraints; hubble.ui.backend
  extraEnv extraVolumeMounts extraVolumes resources; hubble.ui.backend.image override pullPolicy repository tag;
  hubble.ui.frontend extraEnv extraVolumeMounts extraVolumes resources; hubble.ui.frontend.image override pullPolicy repository
  tag; hubble.ui.frontend.server.ipv6 enabled; hubble.ui.ingress annotations className enabled hosts tls;
  hubble.ui.nodeSelector.kubernetes io/os; hubble.ui.podDisruptionBudget enabled maxUnavailable minAvailable;
  hubble.ui.securityContext fsGroup runAsGroup runAsUser; hubble.ui.service annotations nodePort type; hubble.ui.standalone
  enabled; hubble.ui.standalone.tls certsVolume; hubble.ui.tls.client cert key; hubble.ui.updateStrategy.rollingUpdate
  maxUnavailable; hubble.ui.updateStrategy type; image digest override pullPolicy repository tag useDigest; ingressController
  enabled enforceHttps ingressLBAnnotationPrefixes loadbalancerMode; ingressController.secretsNamespace create name sync;
  ingressController.service annotations insecureNodePort labels name secureNodePort type; ipMasqAgent enabled; ipam mode;
  ipam.operator clusterPoolIPv4MaskSize clusterPoolIPv4PodCIDRList clusterPoolIPv6MaskSize clusterPoolIPv6PodCIDRList
  externalAPILimitBurstSize externalAPILimitQPS; ipv4 enabled; ipv6 enabled; l2NeighDiscovery enabled; livenessProbe
  failureThreshold periodSeconds; loadBalancer.l7 algorithm backend ports; monitor enabled; nat46x64Gateway enabled; nodePort
  autoProtectPortRange bindProtection enableHealthCheck; nodeSelector.kubernetes io/os; nodeinit affinity bootstrapFile enabled
  extraEnv podAnnotations podLabels priorityClassName tolerations; nodeinit.image override pullPolicy repository tag;
  nodeinit.nodeSelector.kubernetes io/os; nodeinit.resources.requests cpu memory; nodeinit.securityContext.capabilities add;
  nodeinit.securityContext privileged; nodeinit.securityContext.seLinuxOptions level type; nodeinit.updateStrategy type;
  operator.affinity.podAntiAffinity requiredDuringSchedulingIgnoredDuringExecution; operator dnsPolicy enabled endpointGCInterval
  extraArgs extraEnv extraHostPathMounts extraVolumeMounts extraVolumes identityGCInterval identityHeartbeatTimeout nodeGCInterval
  podAnnotations podLabels priorityClassName removeNodeTaints replicas resources rollOutPods setNodeNetworkStatus skipCRDCreation
  tolerations topologySpreadConstraints; operator.image alibabacloudDigest awsDigest azureDigest genericDigest override pullPolicy
  repository suffix tag useDigest; operator.nodeSelector.kubernetes io/os; operator.podDisruptionBudget enabled maxUnavailable
  minAvailable; operator.pprof address enabled port; operator.prometheus enabled port; operator.prometheus.serviceMonitor
  annotations enabled interval labels metricRelabelings relabelings; operator.unmanagedPodWatcher intervalSeconds restart;
  operator.updateStrategy.rollingUpdate maxSurge maxUnavailable; operator.updateStrategy type; pmtuDiscovery enabled; pprof
  address enabled port; preflight.affinity.podAffinity requiredDuringSchedulingIgnoredDuringExecution; preflight enabled extraEnv
  extraVolumeMounts extraVolumes podAnnotations podLabels podSecurityContext priorityClassName resources
  terminationGracePeriodSeconds tolerations validateCNPs; preflight.image digest override pullPolicy repository tag useDigest;
  preflight.nodeSelector.kubernetes io/os; preflight.podDisruptionBudget enabled maxUnavailable minAvailable;
  preflight.updateStrategy type; prometheus enabled metrics port; prometheus.serviceMonitor annotations enabled interval labels
  metricRelabelings relabelings; rbac create; readinessProbe failureThreshold periodSeconds; resourceQuotas.cilium.hard pods;
  resourceQuotas enabled; resourceQuotas.operator.hard pods; sctp enabled; securityContext.capabilities applySysctlOverwrites
  ciliumAgent cleanCiliumState mountCgroup; securityContext privileged; securityContext.seLinuxOptions level type;
  serviceAccounts.cilium annotations automount create name; serviceAccounts.clustermeshApiserver annotations automount create
  name; serviceAccounts.clustermeshcertgen annotations automount create name; serviceAccounts.hubblecertgen annotations automount
  create name; serviceAccounts.operator annotations automount create name; serviceAccounts.preflight annotations automount create
  name; serviceAccounts.relay annotations automount create name; serviceAccounts.ui annotations automount create name; socketLB
  enabled; startupProbe failureThreshold periodSeconds; tls.ca cert certValidityDuration key; tls secretsBackend;
  updateStrategy.rollingUpdate maxUnavailable; updateStrategy type; vtep cidr enabled endpoint mac mask; wellKnownIdentities
  enabled`,
  "-xxxxxxx": `
  authentication enabled gcInterval queueSize rotatedIdentitiesQueueSize; authentication.mutual port; authentication.mutual.spire
  adminSocketPath agentSocketPath connectionTimeout enabled serverAddress trustDomain; authentication.mutual.spire.install.agent
  affinity annotations labels nodeSelector podSecurityContext securityContext skipKubeletVerification tolerations;
  authentication.mutual.spire.install.agent.serviceAccount create name; authentication.mutual.spire.install enabled namespace;
  authentication.mutual.spire.install.server affinity annotations initContainers labels nodeSelector tolerations;
  authentication.mutual.spire.install.server.ca keyType; authentication.mutual.spire.install.server.ca.subject commonName country
  organization; authentication.mutual.spire.install.server.dataStorage accessMode enabled size storageClass;
  authentication.mutual.spire.install.server.service annotations labels type;
  authentication.mutual.spire.install.server.serviceAccount create name; bpf authMapMax; bpf.autoMount enabled; * bpfClockProbe
  conntrackGCMaxInterval enableIPv4BIGTCP initResources routingMode tunnelProtocol; certgen.annotations cronJob job; certgen.image
  digest useDigest; clustermesh.apiserver extraArgs; clustermesh.apiserver.kvstoremesh enabled extraArgs extraEnv
  extraVolumeMounts resources; clustermesh.apiserver.kvstoremesh.securityContext allowPrivilegeEscalation;
  clustermesh.apiserver.kvstoremesh.securityContext.capabilities drop; clustermesh.apiserver.metrics enabled port;
  clustermesh.apiserver.metrics.etcd enabled mode port; clustermesh.apiserver.metrics.kvstoremesh enabled port;
  clustermesh.apiserver.metrics.serviceMonitor annotations enabled interval labels metricRelabelings relabelings;
  clustermesh.apiserver.metrics.serviceMonitor.etcd interval metricRelabelings relabelings;
  clustermesh.apiserver.metrics.serviceMonitor.kvstoremesh interval metricRelabelings relabelings; clustermesh.apiserver.service
  externalTrafficPolicy internalTrafficPolicy; clustermesh.apiserver.tls authMode; cni chainingTarget; dashboards annotations
  enabled label labelValue namespace; dnsProxy socketLingerTimeout; egressGateway reconciliationTriggerInterval; encryption.ipsec
  keyRotationDuration; envoy.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution nodeSelectorTerms;
  envoy.affinity.podAffinity requiredDuringSchedulingIgnoredDuringExecution; envoy.affinity.podAntiAffinity
  requiredDuringSchedulingIgnoredDuringExecution; envoy connectTimeoutSeconds dnsPolicy enabled extraArgs extraContainers extraEnv
  extraHostPathMounts extraVolumeMounts extraVolumes healthPort idleTimeoutDurationSeconds maxConnectionDurationSeconds
  maxRequestsPerConnection podAnnotations podLabels priorityClassName resources rollOutPods terminationGracePeriodSeconds
  tolerations xffNumTrustedHopsL7PolicyEgress xffNumTrustedHopsL7PolicyIngress; envoy.image digest override pullPolicy repository
  tag useDigest; envoy.livenessProbe failureThreshold periodSeconds; envoy.log format path; envoy.nodeSelector.kubernetes io/os;
  envoy.prometheus enabled port; envoy.prometheus.serviceMonitor annotations enabled interval labels metricRelabelings
  relabelings; envoy.readinessProbe failureThreshold periodSeconds; envoy.securityContext.capabilities envoy;
  envoy.securityContext privileged; envoy.securityContext.seLinuxOptions level type; envoy.startupProbe failureThreshold
  periodSeconds; envoy.updateStrategy.rollingUpdate maxUnavailable; envoy.updateStrategy type; envoyConfig enabled;
  envoyConfig.secretsNamespace create name; hubble.relay extraVolumeMounts extraVolumes; hubble.relay.gops enabled port;
  hubble.relay.podSecurityContext fsGroup; hubble.relay.securityContext.capabilities drop; hubble.relay.securityContext runAsGroup
  runAsNonRoot runAsUser; hubble.relay.tls.server mtls; hubble.ui.backend.image digest useDigest; hubble.ui.frontend.image digest
  useDigest; hubble.ui.ingress labels; ingressController default defaultSecretName defaultSecretNamespace;
  ingressController.service allocateLoadBalancerNodePorts loadBalancerClass loadBalancerIP; ipam ciliumNodeUpdateRate;
  ipam.operator autoCreateCiliumPodIPPools; k8sClientRateLimit burst qps; k8sNetworkPolicy enabled; l2announcements enabled;
  l2podAnnouncements enabled; nodeinit extraVolumeMounts extraVolumes; nodeinit.image digest useDigest; nodeinit.prestop
  postScript preScript; nodeinit.startup postScript preScript; operator.dashboards annotations enabled label labelValue namespace;
  operator setNodeTaints; prometheus.serviceMonitor trustCRDsExist; serviceAccounts.envoy annotations automount create name;
  serviceAccounts.nodeinit annotations automount create enabled name; sysctlfix enabled; tls.caBundle enabled key name useSecret`,
  "------xx": `
  alibabacloud.nodeSpec securityGroupTags securityGroups vSwitchTags vSwitches; azure.nodeSpec azureInterfaceName; bpf
  monitorTraceIPOption policyMapPressureMetricsThreshold; certgen.cronJob failedJobsHistoryLimit successfulJobsHistoryLimit;
  clustermesh.apiserver.service externallyCreated; clustermesh cacheTTL; clustermesh.mcsapi.corednsAutoConfigure affinity
  annotations enabled extraArgs extraVolumeMounts extraVolumes nodeSelector podLabels priorityClassName resources tolerations
  ttlSecondsAfterFinished; clustermesh.mcsapi.corednsAutoConfigure.coredns clusterDomain clustersetDomain configMapName
  deploymentName namespace serviceAccountName; clustermesh.mcsapi enabled installCRDs; cni.resources.limits cpu memory; *
  enableNoServiceEndpointsRoutable policyDenyResponse secretsNamespaceLabels tmpVolume; encryption.strictMode.egress
  allowRemoteNodeIdentities cidr enabled; encryption.strictMode.ingress enabled; encryption.ztunnel affinity annotations caAddress
  extraEnv extraVolumeMounts extraVolumes healthPort podAnnotations podLabels priorityClassName terminationGracePeriodSeconds
  tolerations; encryption.ztunnel.image digest override pullPolicy repository tag useDigest;
  encryption.ztunnel.nodeSelector.kubernetes io/os; encryption.ztunnel.readinessProbe failureThreshold initialDelaySeconds
  periodSeconds; encryption.ztunnel.resources.requests cpu memory; encryption.ztunnel.secrets bootstrapRootCert;
  encryption.ztunnel.updateStrategy.rollingUpdate maxSurge maxUnavailable; encryption.ztunnel.updateStrategy type; eni.nodeSpec
  deleteOnTermination disablePrefixDelegation excludeInterfaceTags firstInterfaceIndex securityGroupTags securityGroups subnetIDs
  subnetTags usePrimaryAddress; envoy clusterMaxConnections clusterMaxRequests initContainers maxGlobalDownstreamConnections
  useOriginalSourceAddress; hubble.export.static aggregationInterval fieldAggregate; hubble.relay.pprof blockProfileRate
  mutexProfileFraction; hubble.ui tmpVolume; ipam.nodeSpec ipamMaxAllocate ipamMinAllocate ipamPreAllocate ipamStaticIPTags;
  l2podAnnouncements interfacePattern; loadBalancer serviceTopology; nodeinit waitForCloudInit; operator.pprof blockProfileRate
  mutexProfileFraction; operator.prometheus.tls enabled; operator.prometheus.tls.server existingSecret;
  operator.prometheus.tls.server.mtls enabled; operator.unmanagedPodWatcher selector; pmtuDiscovery packetizationLayerPMTUDMode;
  pprof blockProfileRate mutexProfileFraction; serviceAccounts.corednsMCSAPI annotations automount create name;
  serviceAccounts.ztunnel annotations automount create name; standaloneDnsProxy annotations automountServiceAccountToken debug
  enabled rollOutPods serverPort tolerations; standaloneDnsProxy.image digest override pullPolicy repository tag useDigest;
  standaloneDnsProxy.nodeSelector.kubernetes io/os; standaloneDnsProxy.updateStrategy.rollingUpdate maxSurge maxUnavailable;
  standaloneDnsProxy.updateStrategy type`,
  "---xxxxx": `
  bpf datapathMode disableExternalIPMitigation enableTCX; bpf.events.drop enabled; bpf.events.policyVerdict enabled;
  bpf.events.trace enabled; ciliumEndpointSlice enabled rateLimits; clustermesh.apiserver.affinity.podAntiAffinity
  preferredDuringSchedulingIgnoredDuringExecution; clustermesh.apiserver.etcd.securityContext allowPrivilegeEscalation;
  clustermesh.apiserver.etcd.securityContext.capabilities drop; clustermesh.apiserver.etcd storageMedium; clustermesh.apiserver
  healthPort readinessProbe; clustermesh.apiserver.kvstoremesh healthPort readinessProbe; clustermesh.apiserver.podSecurityContext
  fsGroup runAsGroup runAsNonRoot runAsUser; clustermesh.apiserver.securityContext allowPrivilegeEscalation;
  clustermesh.apiserver.securityContext.capabilities drop; clustermesh.apiserver.service enableSessionAffinity;
  clustermesh.apiserver.updateStrategy.rollingUpdate maxSurge; clustermesh enableEndpointSliceSynchronization; cni
  enableRouteMTUForCNIChaining; * directRoutingSkipUnreachable extraInitContainers forceDeviceDetection nodeSelectorLabels
  upgradeCompatibility; envoy baseID initialFetchTimeoutSeconds; envoy.debug.admin enabled port; envoy.log accessLogBufferSize;
  envoy.securityContext.capabilities keepCapNetBindService; envoyConfig retryInterval; gatewayAPI enableAlpn enableAppProtocol
  enableProxyProtocol externalTrafficPolicy xffNumTrustedHops; gatewayAPI.gatewayClass create; gatewayAPI.hostNetwork enabled;
  gatewayAPI.hostNetwork.nodes matchLabels; hubble.dropEventEmitter enabled interval reasons; hubble.metrics.serviceMonitor
  tlsConfig; hubble.metrics.tls enabled; hubble.metrics.tls.server cert existingSecret extraDnsNames extraIpAddresses key;
  hubble.metrics.tls.server.mtls enabled key name useSecret; hubble.relay.tls.client existingSecret; hubble.relay.tls.server
  existingSecret; hubble.tls.server existingSecret; hubble.ui.tls.client existingSecret; ingressController.hostNetwork enabled
  sharedListenerPort; ingressController.hostNetwork.nodes matchLabels; ingressController.service externalTrafficPolicy; k8s
  requireIPv4PodCIDR requireIPv6PodCIDR; livenessProbe requireK8sConnectivity; nat mapStatsEntries mapStatsInterval; nodeIPAM
  enabled; nodePort addresses; operator hostNetwork; podSecurityContext.seccompProfile type; preflight.readinessProbe
  initialDelaySeconds periodSeconds`,
  "--xxxxxx": `
  * annotations apiRateLimit enableMasqueradeRouteSource policyCIDRMatchMode serviceNoBackendResponse; authentication.mutual
  connectTimeout; authentication.mutual.spire annotations; authentication.mutual.spire.install.agent.image digest override
  pullPolicy repository tag useDigest; authentication.mutual.spire.install existingNamespace;
  authentication.mutual.spire.install.initImage digest override pullPolicy repository tag useDigest;
  authentication.mutual.spire.install.server.image digest override pullPolicy repository tag useDigest;
  authentication.mutual.spire.install.server podSecurityContext securityContext; bgpControlPlane.secretsNamespace create name; bpf
  nodeMapMax; certgen affinity; clustermesh annotations maxConnectedClusters; clustermesh.apiserver.etcd.init extraArgs extraEnv;
  clustermesh.apiserver.etcd lifecycle; clustermesh.apiserver.kvstoremesh lifecycle; clustermesh.apiserver lifecycle
  terminationGracePeriodSeconds; clustermesh.apiserver.service loadBalancerClass loadBalancerIP; cni.resources.requests cpu
  memory; encryption.wireguard persistentKeepalive; envoy annotations; envoy.podSecurityContext.appArmorProfile type; hubble
  annotations; hubble.export.dynamic.config configMapName content createConfigMap; hubble.export.dynamic enabled;
  hubble.export.static allowList denyList enabled fieldMask filePath; hubble.metrics.serviceMonitor jobLabel; hubble.redact
  enabled; hubble.redact.http.headers allow deny; hubble.redact.http urlQuery userInfo; hubble.relay annotations;
  hubble.relay.tls.server relayName; hubble.ui annotations; ingressController enableProxyProtocol; loadBalancer acceleration;
  nodePort enableHealthCheckLoadBalancerIP; nodeinit annotations; nodeinit.podSecurityContext.appArmorProfile type; operator
  annotations; operator.prometheus.serviceMonitor jobLabel; podSecurityContext.appArmorProfile type; preflight annotations;
  prometheus controllerGroupMetrics; prometheus.serviceMonitor jobLabel`,
  "-----xxx": `
  bandwidthManager bbrHostNamespaceOnly; bgpControlPlane.legacyOriginAttribute enabled; bgpControlPlane.routerIDAllocation ipPool
  mode; bpf policyStatsMapMax; certgen resources; clustermesh.apiserver.kvstoremesh kvstoreMode;
  clustermesh.apiserver.metrics.serviceMonitor.etcd scrapeTimeout; clustermesh.apiserver.metrics.serviceMonitor.kvstoremesh
  scrapeTimeout; clustermesh.apiserver.metrics.serviceMonitor scrapeTimeout; clustermesh.apiserver.podDisruptionBudget
  unhealthyPodEvictionPolicy; clustermesh policyDefaultLocalCluster; cni configMap iptablesRemoveAWSRules; configDriftDetection
  driftChecker enabled ignoredKeys; * connectivityProbeFrequencyRatio endpointPolicyUpdateTimeoutDuration identityManagementMode
  kubeProxyReplacement secretsNamespaceAnnotations underlayProtocol; debug metricsSamplingInterval; dnsProxy
  preAllocateIdentities; envoy httpUpstreamLingerTimeout streamIdleTimeoutDurationSeconds; envoy.livenessProbe enabled;
  envoy.prometheus.serviceMonitor scrapeTimeout; envoy.startupProbe enabled; hubble.export.static fileCompress fileMaxBackups
  fileMaxSizeMb; hubble.metrics.serviceMonitor scrapeTimeout; hubble.networkPolicyCorrelation enabled; hubble.relay.logOptions
  format level; hubble.relay.podDisruptionBudget unhealthyPodEvictionPolicy; hubble.relay.podSecurityContext.seccompProfile type;
  hubble.relay.prometheus.serviceMonitor scrapeTimeout; hubble.relay.securityContext allowPrivilegeEscalation;
  hubble.relay.securityContext.seccompProfile type; hubble.ui.backend.securityContext allowPrivilegeEscalation;
  hubble.ui.frontend.securityContext allowPrivilegeEscalation; hubble.ui.podDisruptionBudget unhealthyPodEvictionPolicy;
  hubble.ui.service labels; k8sClientExponentialBackoff backoffBaseSeconds backoffMaxDurationSeconds enabled; k8sServiceHostRef
  key name; localRedirectPolicies addressMatcherCIDRs enabled; nodeinit.securityContext allowPrivilegeEscalation;
  operator.podDisruptionBudget unhealthyPodEvictionPolicy; operator.podSecurityContext.seccompProfile type;
  operator.prometheus.serviceMonitor scrapeTimeout; operator.securityContext allowPrivilegeEscalation;
  operator.securityContext.capabilities drop; preflight.envoy.image digest override pullPolicy repository tag useDigest;
  preflight.podDisruptionBudget unhealthyPodEvictionPolicy; preflight.securityContext allowPrivilegeEscalation;
  prometheus.serviceMonitor scrapeTimeout; securityContext allowPrivilegeEscalation`,
  "----xxxx": `
  authentication.mutual.spire.install.agent priorityClassName resources; authentication.mutual.spire.install.server
  priorityClassName resources; bgpControlPlane.statusReport enabled; bpf ctAccounting lbAlgorithmAnnotation lbModeAnnotation
  lbSourceRangeAllTypes; bpf.distributedLRU enabled; bpf.events.default burstLimit rateLimit; certgen generateCA nodeSelector
  priorityClassName; clustermesh.apiserver.service labels loadBalancerSourceRanges; * commonLabels defaultLBServiceIPAM
  enableInternalTrafficPolicy enableLBIPAM enableNonDefaultDenyPolicies endpointLockdownOnMapOverflow
  healthCheckICMPFailureThreshold iptablesRandomFully k8sServiceLookupConfigMapName k8sServiceLookupNamespace namespaceOverride
  tunnelSourcePortRange; daemon enableSourceIPVerification; envoy bootstrapConfigMap httpRetryCount maxConcurrentRetries
  policyRestoreTimeoutDuration; envoy.log defaultLevel format_json; hubble.metrics.dynamic.config configMapName content
  createConfigMap; hubble.metrics.dynamic enabled; hubble.ui labels; ipam installUplinkRoutesForDelegatedIPAM
  multiPoolPreAllocation; k8sClientRateLimit.operator burst qps; operator.prometheus metricsService; prometheus metricsService;
  scheduling mode; tls readSecretsOnlyFromSecretsNamespace; tls.secretSync enabled; tls.secretsNamespace create name`,
  "-------x": `
  certgen enforceCAValidityThroughoutLeavesDuration; clustermesh.apiserver etcdQPS; clustermesh.apiserver.kvstoremesh etcdQPS;
  clustermesh.apiserver.tls.auto privateKey schedule subject; clustermesh.apiserver.tls.auto.server extraDnsNames
  extraIpAddresses; clustermesh defaultGlobalNamespace; datapathPlugins enabled stateDir; * devices minReadySeconds
  nativeRoutingCIDRFromClusterPool preferIpv6; encryption.ztunnel.ca type; encryption.ztunnel minReadySeconds; envoy
  clusterMaxPendingRequests minReadySeconds xdsMode; envoy.livenessProbe initialDelaySeconds timeoutSeconds; envoy.log
  accessLogEnabled; envoy.nodeLocality enabled; envoy.readinessProbe initialDelaySeconds timeoutSeconds; envoy.startupProbe
  initialDelaySeconds timeoutSeconds; gatewayAPI useRemoteAddress; hubble hostUsers; hubble.relay.securityContext
  readOnlyRootFilesystem; hubble.tls.auto privateKey subject; hubble.ui.backend.securityContext.capabilities drop;
  hubble.ui.frontend.securityContext.capabilities drop; hubble.ui.securityContext runAsNonRoot;
  hubble.ui.securityContext.seccompProfile type; ingressController.hostNetwork httpPort httpsPort tlsPassthroughPort;
  ingressController useRemoteAddress xffNumTrustedHops; k8s apiServerURLs; k8sClusterNetworkPolicy enabled; nodePort
  enableDynamicSourceLookup; nodeinit minReadySeconds; operator hostUsers; standaloneDnsProxy minReadySeconds`,
  "xxx-----": `
  clustermesh.apiserver.affinity.podAntiAffinity requiredDuringSchedulingIgnoredDuringExecution; clustermesh.apiserver.etcd
  securityContext; clustermesh.apiserver podSecurityContext securityContext; containerRuntime integration; egressGateway
  installRoutes; encryption interface keyFile mountPath secretName; endpointStatus enabled status; etcd clusterDomain extraArgs
  extraVolumeMounts extraVolumes k8sService podAnnotations podLabels podSecurityContext priorityClassName resources
  securityContext tolerations topologySpreadConstraints; etcd.image override pullPolicy repository tag;
  etcd.nodeSelector.kubernetes io/os; etcd.podDisruptionBudget enabled maxUnavailable minAvailable;
  etcd.updateStrategy.rollingUpdate maxSurge maxUnavailable; etcd.updateStrategy type; * k8s remoteNodeIdentity; operator
  skipCNPStatusStartupClean; proxy.prometheus enabled port; proxy sidecarImageRegex; serviceAccounts.etcd annotations automount
  create name`,
  "xxxxx---": `
  * enableCiliumEndpointSlice enableK8sTerminatingEndpoint enableRuntimeDeviceDetection; eni updateEC2AdapterLimitViaAPI;
  externalWorkloads enabled; hostPort enabled; hubble.relay dialTimeout; hubble.ui.backend securityContext; hubble.ui.frontend
  securityContext; l2NeighDiscovery refreshPeriod; operator podSecurityContext securityContext; preflight securityContext`,
  "-x------": `
  authentication.mutual.spire.install.agent image; authentication.mutual.spire.install.server image;
  clustermesh.apiserver.etcd.image digest useDigest; clustermesh.apiserver.kvstoremesh.image digest override pullPolicy repository
  tag useDigest; envoy podSecurityContext`,
  "xx------": `
  clustermesh.apiserver.etcd.image override pullPolicy repository tag; clustermesh.apiserver.tls.ca cert key; *
  enableCnpStatusUpdates enableK8sEventHandover podSecurityContext tunnel`,
  "x-------": `
  bpf clockProbe; hubble.peerService enabled; hubble.relay securityContext; hubble.tls.ca cert key; hubble.ui.securityContext
  enabled; ipam.operator clusterPoolIPv4PodCIDR clusterPoolIPv6PodCIDR; sockops enabled`,
  "xxxxxxx-": `
  clustermesh.apiserver.tls.admin cert key; clustermesh.apiserver.tls.remote cert key; clustermesh.apiserver.tls.server cert
  extraDnsNames extraIpAddresses key; preflight tofqdnsPreCache`,
  "--xxxxx-": `
  encryption.strictMode allowRemoteNodeIdentities cidr enabled; hubble.redact.kafka apiKey; hubble.ui.backend.livenessProbe
  enabled; hubble.ui.backend.readinessProbe enabled`,
  "xxxx----": `
  bgp.announce loadbalancerIP podCIDR; bgp enabled; encryption.wireguard userspaceFallback; externalIPs enabled`,
  "xxxxxx--": `
  clustermesh.apiserver.tls.client cert key; customCalls enabled; nodePort enabled; * svcSourceRangeCheck`,
  "---xxxx-": `
  clustermesh.apiserver.tls enableSecrets; clustermesh enableMCSAPISupport; encryption.ipsec encryptedOverlay`,
  "----x---": `
  ciliumEndpointSlice sliceMode; loadBalancer experimental`,
  "-xx-----": `
  etcd.image digest useDigest`,
  "--xxx---": `
  hubble.export fileMaxBackups fileMaxSizeMb`,
  "--x-----": `
  etcd annotations`,
  "-xxxx---": `
  highScaleIPcache enabled`,
  "-xxxxx--": `
  l2podAnnouncements interface`,
};
