"""The fields of a trade that we know. Another one is reported with the order and does no harm."""

_TRADE_FIELDS = """
adjust_fee alipay_id alipay_no alipay_point available_confirm_fee buyer_alipay_no buyer_area buyer_cod_fee
buyer_email buyer_flag buyer_ip buyer_memo buyer_message buyer_nick buyer_obtain_point_fee buyer_open_uid buyer_rate
cod_fee cod_status commission_fee consign_time coupon_fee created credit_card_fee discount_fee end_time
has_buyer_message has_post_fee has_yfx invoice_name invoice_type is_3D is_brand_sale is_daixiao is_force_wlb
is_lgtype is_part_consign is_sh_ship is_wt mark_desc modified num num_iid oaid orders pay_time payment pcc_af
pic_path platform_subsidy_fee point_fee post_fee price promotion_details real_point_fee received_payment
receiver_address receiver_city receiver_district receiver_mobile receiver_name receiver_phone receiver_state
receiver_town receiver_zip seller_alipay_no seller_can_rate seller_cod_fee seller_email seller_flag seller_memo
seller_mobile seller_name seller_nick seller_rate service_tags shipping_type snapshot_url status step_paid_fee
step_trade_status tid tid_str timeout_action_time title total_fee trade_from type
"""
TRADE_FIELDS = frozenset(_TRADE_FIELDS.split())

# What is asked of the gateway. `oaid` comes only when the receiver's fields and `created` are asked for too.
ASKED = (
    "tid,tid_str,status,type,seller_nick,buyer_nick,buyer_open_uid,created,pay_time,modified,consign_time,end_time,total_fee,"
    "discount_fee,adjust_fee,post_fee,payment,received_payment,alipay_no,buyer_message,seller_memo,seller_flag,coupon_fee,pcc_af,"
    "shipping_type,step_trade_status,oaid,receiver_name,receiver_mobile,receiver_phone,receiver_state,receiver_city,"
    "receiver_district,receiver_town,receiver_address,receiver_zip,orders,promotion_details"
)
